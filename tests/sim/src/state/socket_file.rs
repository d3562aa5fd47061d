//! The socket files that memif masters and vhost-user servers listen on.

use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::fs::FileTypeExt;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};

use rustix::net::{
    AddressFamily, SocketAddrUnix, SocketFlags, SocketType, bind, listen, socket_with,
};
use vpp_wire::VppError;

/// The longest path of a unix socket.
const MAX_PATH: usize = 107;

/// The longest file name of a memif since v23.06, which counts its NUL twice.
const MAX_MEMIF: usize = 106;

/// The longest name of an abstract socket, without its prefix.
const MAX_ABSTRACT: usize = 105;

/// What a memif socket name stands for.
#[derive(Debug)]
enum Name {
    /// A file.
    File(PathBuf),
    /// A name outside the file system.
    Abstract,
    /// What VPP takes as a name and then cannot listen on.
    Refused,
}

/// Reads a memif socket name as VPP 26.06 does when it starts to listen.
///
/// VPP stops at the first byte that is not a letter, a digit or one of `/-._`
/// (`src/vppinfra/socket.c`) and then refuses the rest; its `unix:` prefix ends up
/// in the path, and memif has no `tcp:`.
fn read_name(name: &str) -> Name {
    let plain = |text: &str| {
        text.bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"/-._".contains(&byte))
    };
    if let Some(rest) = name.strip_prefix("abstract:") {
        let (label, netns) = rest.split_once(',').unwrap_or((rest, ""));
        let netns = netns.strip_prefix("netns_name=").unwrap_or(netns);
        return if plain(label) && label.len() <= MAX_ABSTRACT && plain(netns) {
            Name::Abstract
        } else {
            Name::Refused
        };
    }
    if plain(name) && name.len() <= MAX_MEMIF {
        Name::File(name.into())
    } else {
        Name::Refused
    }
}

/// What memif peers connect to.
#[derive(Debug)]
pub enum MemifListener {
    /// A file; it listens as long as this is held.
    File(#[expect(dead_code, reason = "listens as long as it is held")] OwnedFd),
    /// An abstract name. Nothing is opened for it here, in whatever network namespace.
    Abstract(String),
}

/// Whether VPP takes the name for something else than a file, since v23.06.
pub fn has_prefix(name: &str) -> bool {
    let prefixes = ["unix:", "tcp:", "abstract:"];
    prefixes.iter().any(|prefix| name.starts_with(prefix))
}

/// Listens for memif peers as v22.10 and v23.02 do: on a file of any characters, in the
/// place of whatever file was there.
///
/// # Errors
/// `SYSCALL_ERROR_4` when VPP could not listen, `SYSCALL_ERROR_8` when the path is too long
/// for a socket address and the file that VPP then looks for is missing.
pub fn listen_memif_v22_10(name: &str) -> Result<MemifListener, VppError> {
    if name.len() > MAX_PATH {
        return Err(VppError::SYSCALL_ERROR_8);
    }
    // VPP does not look at whether this succeeds.
    let _ = std::fs::remove_file(name);
    let listening = bind_and_listen(Path::new(name), SocketType::SEQPACKET);
    listening.map(MemifListener::File).map_err(|error| {
        tracing::debug!(name, %error, "memif cannot listen");
        VppError::SYSCALL_ERROR_4
    })
}

/// Listens for memif peers as VPP does since v23.06.
///
/// # Errors
/// `SYSCALL_ERROR_4` when VPP could not listen: something else is there, someone
/// listens there already, the folder is missing, or the name has other characters.
pub fn listen_memif(name: &str) -> Result<MemifListener, VppError> {
    let failed = |error: io::Error| {
        tracing::debug!(name, %error, "memif cannot listen");
        VppError::SYSCALL_ERROR_4
    };
    match read_name(name) {
        Name::Abstract => Ok(MemifListener::Abstract(name.to_owned())),
        Name::Refused => Err(VppError::SYSCALL_ERROR_4),
        Name::File(path) => {
            clear_stale(&path).map_err(failed)?;
            bind_and_listen(&path, SocketType::SEQPACKET)
                .map(MemifListener::File)
                .map_err(failed)
        }
    }
}

/// Removes a socket file that nobody listens on.
fn clear_stale(path: &Path) -> io::Result<()> {
    let Ok(found) = std::fs::metadata(path) else {
        return Ok(());
    };
    if !found.file_type().is_socket() {
        return Err(io::ErrorKind::AlreadyExists.into());
    }
    match UnixStream::connect(path) {
        Err(error) if error.kind() == io::ErrorKind::ConnectionRefused => {
            std::fs::remove_file(path)
        }
        _ => Err(io::ErrorKind::AddrInUse.into()),
    }
}

/// Listens for vhost-user peers, in the place of whatever file was there.
///
/// # Errors
/// `SYSCALL_ERROR_2` when the path cannot be bound.
pub fn listen_vhost(path: &str) -> Result<OwnedFd, VppError> {
    let path = cut(path);
    let _ = std::fs::remove_file(path);
    bind_and_listen(Path::new(path), SocketType::STREAM).map_err(|error| {
        tracing::debug!(path, %error, "vhost-user cannot listen");
        VppError::SYSCALL_ERROR_2
    })
}

/// Removes the file of a vhost-user server.
pub fn remove_vhost(path: &str) {
    let _ = std::fs::remove_file(cut(path));
}

/// A vhost-user path is cut to what a socket address holds.
fn cut(path: &str) -> &str {
    let mut end = path.len().min(MAX_PATH);
    while !path.is_char_boundary(end) {
        end -= 1;
    }
    &path[..end]
}

fn bind_and_listen(path: &Path, kind: SocketType) -> io::Result<OwnedFd> {
    let flags = SocketFlags::CLOEXEC | SocketFlags::NONBLOCK;
    let socket = socket_with(AddressFamily::UNIX, kind, flags, None)?;
    bind(&socket, &SocketAddrUnix::new(path)?)?;
    listen(&socket, 5)?;
    Ok(socket)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memif_names_are_letters_digits_and_a_few_marks() {
        let refused = |name: &str| matches!(read_name(name), Name::Refused);
        assert!(matches!(
            read_name("/run/vpp/memif-1_a.sock"),
            Name::File(_)
        ));
        assert!(matches!(
            read_name("abstract:x,netns_name=y"),
            Name::Abstract
        ));
        for name in [
            "/run/@x",
            "unix:/run/x",
            "tcp:1.2.3.4:5",
            "/a/kubernetes.io~empty-dir/x",
        ] {
            assert!(refused(name), "{name}");
        }
        let file = |len: usize| format!("/{}", "x".repeat(len - 1));
        assert!(!refused(&file(106)) && refused(&file(107)));
        let label = |len: usize| format!("abstract:{}", "x".repeat(len));
        assert!(!refused(&label(105)) && refused(&label(106)));
    }

    #[test]
    fn v22_10_takes_any_character_and_107_bytes() {
        let folder = tempfile::tempdir().unwrap();
        let path = |len: usize| {
            let start = format!("{}/a~b @", folder.path().display());
            format!("{start}{}", "x".repeat(len - start.len()))
        };
        assert!(listen_memif_v22_10(&path(107)).is_ok());
        assert!(std::fs::exists(path(107)).unwrap());
        let error = listen_memif_v22_10(&path(108)).unwrap_err();
        assert_eq!(error, VppError::SYSCALL_ERROR_8);
        assert!(
            listen_memif_v22_10(&path(107)).is_ok(),
            "it takes the place"
        );
    }

    #[test]
    fn a_live_listener_and_a_plain_file_are_in_the_way_and_a_stale_socket_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("m.sock");
        let name = path.to_str().unwrap();
        let first = listen_memif(name).unwrap();
        assert_eq!(listen_memif(name).unwrap_err(), VppError::SYSCALL_ERROR_4);
        drop(first);
        assert!(path.exists());
        assert!(listen_memif(name).is_ok());
        let file = folder.path().join("file");
        std::fs::write(&file, "").unwrap();
        let error = listen_memif(file.to_str().unwrap()).unwrap_err();
        assert_eq!(error, VppError::SYSCALL_ERROR_4);
        assert!(listen_vhost(file.to_str().unwrap()).is_ok());
    }
}

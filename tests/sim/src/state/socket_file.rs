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

/// The longest file name of a memif since v23.06. VPP counts its NUL twice.
const MAX_MEMIF: usize = 106;

/// The longest name of an abstract socket, without its prefix.
const MAX_ABSTRACT: usize = 105;

/// The meaning of a memif socket name.
#[derive(Debug)]
enum Name {
    /// A file.
    File(PathBuf),
    /// A name outside the file system.
    Abstract,
    /// A name that VPP accepts and then cannot listen on.
    Refused,
}

/// Parses a memif socket name as VPP 26.06 does when it starts to listen.
///
/// VPP stops at the first byte that is not a letter, a digit or one of `/-._`
/// (`src/vppinfra/socket.c`) and then refuses the rest. Its `unix:` prefix becomes part of the
/// path, and memif does not support `tcp:`.
fn parse_name(name: &str) -> Name {
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

/// The listener that memif peers connect to.
#[derive(Debug)]
pub enum MemifListener {
    /// A socket file. It listens while the descriptor is open.
    File(#[expect(dead_code, reason = "listens while it is open")] OwnedFd),
    /// An abstract name. The simulator opens no socket for it.
    Abstract(String),
}

/// Whether the name has a prefix that VPP recognizes since v23.06.
pub fn has_prefix(name: &str) -> bool {
    let prefixes = ["unix:", "tcp:", "abstract:"];
    prefixes.iter().any(|prefix| name.starts_with(prefix))
}

/// Listens for memif peers as v22.10 and v23.02 do: the file name may contain any characters,
/// and an existing file is replaced.
///
/// # Errors
/// `SYSCALL_ERROR_4` if VPP cannot listen, `SYSCALL_ERROR_8` if the path is too long for a
/// socket address, since VPP then fails to find the file.
pub fn listen_memif_v22_10(name: &str) -> Result<MemifListener, VppError> {
    if name.len() > MAX_PATH {
        return Err(VppError::SYSCALL_ERROR_8);
    }
    // VPP ignores whether this succeeds.
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
/// `SYSCALL_ERROR_4` if VPP cannot listen: the path is a file of another type or has a listener,
/// the folder is missing, or the name contains other characters.
pub fn listen_memif(name: &str) -> Result<MemifListener, VppError> {
    let failed = |error: io::Error| {
        tracing::debug!(name, %error, "memif cannot listen");
        VppError::SYSCALL_ERROR_4
    };
    match parse_name(name) {
        Name::Abstract => Ok(MemifListener::Abstract(name.to_owned())),
        Name::Refused => Err(VppError::SYSCALL_ERROR_4),
        Name::File(path) => {
            remove_stale(&path).map_err(failed)?;
            bind_and_listen(&path, SocketType::SEQPACKET)
                .map(MemifListener::File)
                .map_err(failed)
        }
    }
}

/// Removes a socket file without a listener.
fn remove_stale(path: &Path) -> io::Result<()> {
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

/// Listens for vhost-user peers and replaces an existing file.
///
/// # Errors
/// `SYSCALL_ERROR_2` if the path cannot be bound.
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

/// Cuts a vhost-user path to the length of a socket address.
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
    fn memif_names_consist_of_letters_digits_and_a_few_marks() {
        let refused = |name: &str| matches!(parse_name(name), Name::Refused);
        assert!(matches!(
            parse_name("/run/vpp/memif-1_a.sock"),
            Name::File(_)
        ));
        assert!(matches!(
            parse_name("abstract:x,netns_name=y"),
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
    fn v22_10_accepts_any_character_and_107_bytes() {
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
            "the existing file is replaced"
        );
    }

    #[test]
    fn memif_replaces_a_stale_socket_but_no_live_listener_and_no_plain_file() {
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

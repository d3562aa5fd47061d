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

/// What a memif socket name stands for.
#[derive(Debug)]
enum Name {
    /// A file.
    File(PathBuf),
    /// A name outside the file system; nothing is opened for it here.
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
        // What follows a comma names a network namespace.
        let label = rest.split(',').next().unwrap_or_default();
        return if plain(label) {
            Name::Abstract
        } else {
            Name::Refused
        };
    }
    if plain(name) && name.len() <= MAX_PATH {
        Name::File(name.into())
    } else {
        Name::Refused
    }
}

/// Whether VPP takes the name as it is instead of placing it in its runtime folder.
pub fn is_absolute(name: &str) -> bool {
    let prefixes = ["unix:", "tcp:", "abstract:"];
    name.starts_with('/') || prefixes.iter().any(|prefix| name.starts_with(prefix))
}

/// Listens for memif peers; nothing where the name is not a file.
///
/// # Errors
/// `SYSCALL_ERROR_4` when VPP could not listen: something else is there, someone
/// listens there already, the folder is missing, or the name has other characters.
pub fn listen_memif(name: &str) -> Result<Option<OwnedFd>, VppError> {
    let failed = |error: io::Error| {
        tracing::debug!(name, %error, "memif cannot listen");
        VppError::SYSCALL_ERROR_4
    };
    match read_name(name) {
        Name::Abstract => Ok(None),
        Name::Refused => Err(VppError::SYSCALL_ERROR_4),
        Name::File(path) => {
            clear_stale(&path).map_err(failed)?;
            bind_and_listen(&path, SocketType::SEQPACKET)
                .map(Some)
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
        let refused = |name| matches!(read_name(name), Name::Refused);
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
        assert!(refused(&"/".repeat(108)));
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

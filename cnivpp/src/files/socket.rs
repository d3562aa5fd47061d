//! Socket files: removes stale ones, sets group and mode.

use std::os::unix::net::UnixDatagram;
use std::path::PathBuf;
use std::time::Duration;

use rustix::fd::{AsRawFd, OwnedFd};
use rustix::fs::{AtFlags, Gid, Mode, OFlags, Uid, chmod, chownat, fstat, openat, unlinkat};
use rustix::io::Errno;
use tokio::time::{Instant, sleep};

use super::access::owner;
use super::{Access, Dir, Error, Identity, Kind, Metadata, Reason, Result, check_name};

/// The pause between two attempts of [`remove_stale_soon`].
const PAUSE: Duration = Duration::from_millis(20);

/// Removes a socket file on which no process listens. Returns whether it existed.
///
/// VPP does not remove the file when a memif is deleted. `recorded` is the identity of the file
/// that the caller created, if it is known.
///
/// # Errors
/// When a process has the socket open ([`Reason::InUse`]), the entry is not a socket or not the
/// recorded one, or a system call fails. The entry stays.
pub fn remove_stale(dir: &Dir, name: &str, recorded: Option<Identity>) -> Result<bool> {
    const OPERATION: &str = "remove the socket";
    let fail = |reason| Err(Error::new(OPERATION, dir.path_of(name), reason));
    let failed = |errno| Error::system(OPERATION, dir.path_of(name))(errno);
    let Some((fd, metadata)) = open(OPERATION, dir, name)? else {
        return Ok(false);
    };
    let found = metadata.identity;
    if let Some(expected) = recorded
        && expected != found
    {
        return fail(Reason::Replaced { expected, found });
    }
    if is_open(&fd).map_err(failed)? {
        return fail(Reason::InUse);
    }
    // A process may have created a new socket of that name since.
    match dir.metadata(name)? {
        None => return Ok(false),
        Some(now) if now.identity != found => {
            let (expected, found) = (found, now.identity);
            return fail(Reason::Replaced { expected, found });
        }
        Some(_) => {}
    }
    match unlinkat(dir, name, AtFlags::empty()) {
        Ok(()) => Ok(true),
        Err(Errno::NOENT) => Ok(false),
        Err(errno) => Err(failed(errno)),
    }
}

/// Does the same as [`remove_stale`], and waits up to `limit` until the socket is closed.
///
/// An exiting process closes its sockets one after the other. A forked child has them open until
/// it executes its program.
///
/// # Errors
/// As [`remove_stale`]; [`Reason::InUse`] after `limit`.
pub async fn remove_stale_soon(
    dir: &Dir,
    name: &str,
    recorded: Option<Identity>,
    limit: Duration,
) -> Result<bool> {
    let deadline = Instant::now() + limit;
    loop {
        match remove_stale(dir, name, recorded) {
            Err(error) if *error.reason() == Reason::InUse && Instant::now() < deadline => {
                sleep(PAUSE).await;
            }
            done => return done,
        }
    }
}

/// Sets owner and permissions of a socket file. Does not follow a symbolic link. Returns the
/// previous metadata.
///
/// VPP creates a memif master's socket with its own user and group and mode 0775 (seen on
/// VPP 26.06).
///
/// # Errors
/// When the entry is missing or not a socket, `/proc` is not mounted, or a system call fails.
pub fn set_access(dir: &Dir, name: &str, access: Access) -> Result<Metadata> {
    const OPERATION: &str = "set the access of the socket";
    let failed = |errno| Error::system(OPERATION, dir.path_of(name))(errno);
    let Some((fd, before)) = open(OPERATION, dir, name)? else {
        return Err(failed(Errno::NOENT));
    };
    let uid = owner(access.uid).map_err(failed)?.map(Uid::from_raw);
    let gid = owner(access.gid).map_err(failed)?.map(Gid::from_raw);
    if uid.is_some() || gid.is_some() {
        chownat(&fd, "", uid, gid, AtFlags::EMPTY_PATH).map_err(failed)?;
    }
    // fchmod(2) fails on a file that was opened with O_PATH.
    chmod(path_of(&fd), Mode::from_raw_mode(access.mode & 0o7777)).map_err(failed)?;
    Ok(before)
}

/// Opens a socket file with O_PATH, which does not connect to the socket.
fn open(operation: &'static str, dir: &Dir, name: &str) -> Result<Option<(OwnedFd, Metadata)>> {
    check_name(name)?;
    let failed = |errno| Error::system(operation, dir.path_of(name))(errno);
    let flags = OFlags::PATH | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let fd = match openat(dir, name, flags, Mode::empty()) {
        Ok(fd) => fd,
        Err(Errno::NOENT) => return Ok(None),
        Err(errno) => return Err(failed(errno)),
    };
    let metadata = Metadata::of(&fstat(&fd).map_err(failed)?);
    if metadata.kind != Kind::Socket {
        let (expected, found) = (Kind::Socket, metadata.kind);
        let reason = Reason::Kind { expected, found };
        return Err(Error::new(operation, dir.path_of(name), reason));
    }
    Ok(Some((fd, metadata)))
}

/// Returns a path to an open file that stays valid if the file is renamed or replaced.
fn path_of(fd: &OwnedFd) -> PathBuf {
    PathBuf::from(format!("/proc/self/fd/{}", fd.as_raw_fd()))
}

/// Whether a process has the socket open.
///
/// VPP's sockets have the type stream or seqpacket. A datagram socket cannot connect to them: the
/// kernel returns `EPROTOTYPE` if the socket is open, unnoticed by its owner, and `ECONNREFUSED` if
/// it is closed.
fn is_open(fd: &OwnedFd) -> std::result::Result<bool, Errno> {
    let errno = |error: &std::io::Error| Errno::from_io_error(error).unwrap_or(Errno::IO);
    let probe = UnixDatagram::unbound().map_err(|error| errno(&error))?;
    match probe.connect(path_of(fd)).map_err(|error| errno(&error)) {
        Ok(()) | Err(Errno::PROTOTYPE) => Ok(true),
        Err(Errno::CONNREFUSED) => Ok(false),
        Err(other) => Err(other),
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::{PermissionsExt, symlink};
    use std::os::unix::net::UnixListener;
    use std::path::Path;

    use super::*;

    fn folder() -> (tempfile::TempDir, Dir) {
        let folder = tempfile::tempdir().unwrap();
        let dir = Dir::open(folder.path()).unwrap();
        (folder, dir)
    }

    /// A socket file whose socket is closed.
    fn make_stale(path: &Path) {
        drop(UnixListener::bind(path).unwrap());
    }

    #[test]
    fn open_sockets_are_not_removed() {
        let (folder, dir) = folder();
        let path = folder.path().join("s");
        let listener = UnixListener::bind(&path).unwrap();
        listener.set_nonblocking(true).unwrap();
        let error = remove_stale(&dir, "s", None).unwrap_err();
        assert_eq!(*error.reason(), Reason::InUse);
        // The owner of the socket does not see a connection.
        let kind = listener.accept().unwrap_err().kind();
        assert_eq!(kind, std::io::ErrorKind::WouldBlock);
        drop(listener);
        assert!(remove_stale(&dir, "s", None).unwrap());
        assert!(!path.exists());
        assert!(!remove_stale(&dir, "s", None).unwrap());
    }

    #[test]
    fn entries_of_other_kinds_are_not_removed() {
        let (folder, dir) = folder();
        let elsewhere = tempfile::tempdir().unwrap();
        let target = elsewhere.path().join("s");
        make_stale(&target);
        symlink(&target, folder.path().join("link")).unwrap();
        std::fs::write(folder.path().join("file"), "").unwrap();
        std::fs::create_dir(folder.path().join("folder")).unwrap();
        for (name, found) in [
            ("link", Kind::Symlink),
            ("file", Kind::File),
            ("folder", Kind::Folder),
        ] {
            let error = remove_stale(&dir, name, None).unwrap_err();
            let expected = Kind::Socket;
            assert_eq!(*error.reason(), Reason::Kind { expected, found });
            assert!(set_access(&dir, name, Access::mode(0o777)).is_err());
            assert!(folder.path().join(name).symlink_metadata().is_ok());
        }
        assert!(target.symlink_metadata().is_ok());
    }

    #[test]
    fn only_the_recorded_socket_is_removed() {
        let (folder, dir) = folder();
        let path = folder.path().join("s");
        make_stale(&path);
        let first = dir.metadata("s").unwrap().unwrap().identity;
        // The first file is kept, so that its inode is not reused.
        std::fs::rename(&path, folder.path().join("first")).unwrap();
        make_stale(&path);
        let error = remove_stale(&dir, "s", Some(first)).unwrap_err();
        assert!(matches!(error.reason(), Reason::Replaced { .. }), "{error}");
        assert!(path.exists());
        assert!(remove_stale(&dir, "first", Some(first)).unwrap());
    }

    #[test]
    fn a_socket_with_an_overlong_path_is_removed() {
        let (folder, _) = folder();
        let deep = "d".repeat(120);
        std::fs::create_dir(folder.path().join(&deep)).unwrap();
        make_stale(&folder.path().join("s"));
        std::fs::rename(folder.path().join("s"), folder.path().join(&deep).join("s")).unwrap();
        let dir = Dir::open(folder.path().join(&deep)).unwrap();
        assert!(remove_stale(&dir, "s", None).unwrap());
    }

    #[test]
    fn the_mode_is_set_on_the_socket() {
        let (folder, dir) = folder();
        let path = folder.path().join("s");
        make_stale(&path);
        let gid = rustix::process::getegid().as_raw();
        set_access(&dir, "s", Access::mode(0o660).group(Some(gid))).unwrap();
        let mode = path.symlink_metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o7777, 0o660);
    }

    #[tokio::test]
    async fn a_socket_is_removed_after_its_process_closed_it() {
        let (folder, dir) = folder();
        let path = folder.path().join("s");
        let listener = UnixListener::bind(&path).unwrap();
        let short = Duration::from_millis(1);
        let error = remove_stale_soon(&dir, "s", None, short).await.unwrap_err();
        assert_eq!(*error.reason(), Reason::InUse);
        let long = Duration::from_secs(60);
        let removing = remove_stale_soon(&dir, "s", None, long);
        let closing = async {
            tokio::task::yield_now().await;
            drop(listener);
        };
        let (removed, ()) = tokio::join!(removing, closing);
        assert!(removed.unwrap());
    }
}

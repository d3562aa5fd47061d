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

/// How often [`remove_stale_soon`] looks whether the socket is free.
const PAUSE: Duration = Duration::from_millis(20);

/// Removes a socket file on which no process listens. Returns whether it was present.
///
/// VPP leaves the file when a memif is deleted. `recorded` is the identity of the file that
/// the caller made, if it is known.
///
/// # Errors
/// When a process has the socket open ([`Reason::InUse`]), the entry is not a socket or not
/// the one that was recorded, and when the system refuses. The entry stays.
pub fn remove_stale(dir: &Dir, name: &str, recorded: Option<Identity>) -> Result<bool> {
    const OPERATION: &str = "remove the socket";
    let refuse = |reason| Err(Error::new(OPERATION, dir.path_of(name), reason));
    let failed = |errno| Error::system(OPERATION, dir.path_of(name))(errno);
    let Some((fd, metadata)) = open(OPERATION, dir, name)? else {
        return Ok(false);
    };
    let found = metadata.identity;
    if let Some(expected) = recorded
        && expected != found
    {
        return refuse(Reason::Replaced { expected, found });
    }
    if is_open(&fd).map_err(failed)? {
        return refuse(Reason::InUse);
    }
    // A process may have made a new socket of that name since.
    match dir.metadata(name)? {
        None => return Ok(false),
        Some(now) if now.identity != found => {
            let (expected, found) = (found, now.identity);
            return refuse(Reason::Replaced { expected, found });
        }
        Some(_) => {}
    }
    match unlinkat(dir, name, AtFlags::empty()) {
        Ok(()) => Ok(true),
        Err(Errno::NOENT) => Ok(false),
        Err(errno) => Err(failed(errno)),
    }
}

/// [`remove_stale`], with a wait of at most `limit` until the socket is free.
///
/// A process that exits closes its sockets one after the other, and a child of it has them
/// open until it starts its own program.
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

/// Sets owner and permissions of a socket file. A symbolic link is not followed. Returns the
/// socket's metadata from before.
///
/// A memif master's socket has VPP's user and group and mode 0775 at first (cni-design.md,
/// fact 2).
///
/// # Errors
/// When the entry is missing or not a socket, `/proc` is not mounted, and when the system
/// refuses.
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
    // fchmod(2) refuses a file that is open as a path only.
    chmod(path_of(&fd), Mode::from_raw_mode(access.mode & 0o7777)).map_err(failed)?;
    Ok(before)
}

/// Opens a socket file as a path; the file itself is not touched.
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

/// The path of an open file; it leads to that file even if another one has its name.
fn path_of(fd: &OwnedFd) -> PathBuf {
    PathBuf::from(format!("/proc/self/fd/{}", fd.as_raw_fd()))
}

/// Whether a process has the socket open.
///
/// VPP's sockets are streams or sequenced packets. A datagram socket cannot connect to them:
/// the kernel refuses with `EPROTOTYPE` if the socket is open, and its owner does not notice;
/// with `ECONNREFUSED` if it is not.
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
    fn only_sockets_that_no_process_has_open_are_removed() {
        let (folder, dir) = folder();
        let path = folder.path().join("s");
        let listener = UnixListener::bind(&path).unwrap();
        listener.set_nonblocking(true).unwrap();
        let error = remove_stale(&dir, "s", None).unwrap_err();
        assert_eq!(*error.reason(), Reason::InUse);
        // The owner of the socket did not notice.
        let kind = listener.accept().unwrap_err().kind();
        assert_eq!(kind, std::io::ErrorKind::WouldBlock);
        drop(listener);
        assert!(remove_stale(&dir, "s", None).unwrap());
        assert!(!path.exists());
        assert!(!remove_stale(&dir, "s", None).unwrap());
    }

    #[test]
    fn another_kind_of_entry_stays() {
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
    fn a_socket_that_was_not_recorded_stays() {
        let (folder, dir) = folder();
        let path = folder.path().join("s");
        make_stale(&path);
        let first = dir.metadata("s").unwrap().unwrap().identity;
        // The first file stays, so that its inode is not used again.
        std::fs::rename(&path, folder.path().join("first")).unwrap();
        make_stale(&path);
        let error = remove_stale(&dir, "s", Some(first)).unwrap_err();
        assert!(matches!(error.reason(), Reason::Replaced { .. }), "{error}");
        assert!(path.exists());
        assert!(remove_stale(&dir, "first", Some(first)).unwrap());
    }

    #[test]
    fn a_path_that_is_too_long_for_a_socket_is_no_obstacle() {
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
    async fn a_socket_is_removed_once_its_process_has_closed_it() {
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

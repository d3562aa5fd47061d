use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use rustix::fd::{AsFd, OwnedFd};
use rustix::fs::{AtFlags, FlockOperation, Mode, OFlags};
use rustix::fs::{flock, fsync, openat, renameat, unlinkat};
use rustix::io::{self, Errno};

use super::{Access, Dir, Error, Result, check_name};

/// How the name of a temporary file begins and ends; [`sweep`](super::sweep) goes by it.
pub(super) const PREFIX: &str = ".cnivpp-";
pub(super) const SUFFIX: &str = ".tmp";

/// How often another temporary file is tried.
const ATTEMPTS: usize = 100;

/// Replaces a file as a whole, or creates it.
///
/// The bytes go to a temporary file in the same folder, which gets its owner and permissions and
/// is renamed. In a [durable](Dir::durable) folder the file is synced before and the folder
/// after that. Readers see the old content or the new one, whenever this process is killed; in
/// a durable folder also after a power failure. An entry of another kind is replaced (a symbolic link is not
/// followed) except for a folder.
///
/// # Errors
/// When the name is not one of an entry, or the system refuses (`ENOSPC`, `EROFS`, `EIO`, …).
/// The old content is unchanged, with one exception: when only the sync of the folder fails,
/// the new content is in place and may be lost in a power failure.
pub fn write_atomic(dir: &Dir, name: &str, bytes: &[u8], access: impl Into<Access>) -> Result<()> {
    write_atomic_through(dir, dir, name, bytes, access)
}

/// [`write_atomic`] with the temporary file in another folder of the same file system, which has
/// nothing else in it: so what killed writers left is found without listing `dir`.
///
/// # Errors
/// As [`write_atomic`].
pub fn write_atomic_through(
    temporary: &Dir,
    dir: &Dir,
    name: &str,
    bytes: &[u8],
    access: impl Into<Access>,
) -> Result<()> {
    check_name(name)?;
    let access = access.into();
    for _ in 0..ATTEMPTS {
        match write(temporary, dir, name, bytes, access) {
            Ok(()) => return dir.sync(),
            // The name is taken, or a sweep has removed the file before it was locked.
            Err(Errno::EXIST | Errno::WOULDBLOCK | Errno::NOENT) => {}
            Err(errno) => return Err(Error::system("write", dir.path_of(name))(errno)),
        }
    }
    // The folder itself was removed, or a process keeps removing its files.
    Err(Error::system("write", dir.path_of(name))(Errno::NOENT))
}

fn write(folder: &Dir, dir: &Dir, name: &str, bytes: &[u8], access: Access) -> io::Result<()> {
    let temporary = Temporary::create(folder)?;
    let (mut rest, mut offset) = (bytes, 0);
    while !rest.is_empty() {
        match io::pwrite(&temporary.fd, rest, offset) {
            Ok(0) => return Err(Errno::NOSPC),
            Ok(written) => {
                rest = rest.get(written..).unwrap_or_default();
                offset += written as u64;
            }
            Err(Errno::INTR) => {}
            Err(errno) => return Err(errno),
        }
    }
    access.apply(&temporary.fd)?;
    if dir.is_durable() {
        fsync(&temporary.fd)?;
    }
    temporary.rename(dir, name)
}

/// A temporary file, locked as long as it is written. It is removed unless it is renamed.
struct Temporary<'a> {
    dir: &'a Dir,
    name: String,
    fd: OwnedFd,
    is_renamed: bool,
}

impl<'a> Temporary<'a> {
    fn create(dir: &'a Dir) -> io::Result<Self> {
        let name = temporary_name();
        let flags =
            OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let fd = openat(dir, &name, flags, Mode::RUSR | Mode::WUSR)?;
        let is_renamed = false;
        let temporary = Self {
            dir,
            name,
            fd,
            is_renamed,
        };
        // The kernel releases the lock with the process, whatever kills it.
        match flock(
            temporary.fd.as_fd(),
            FlockOperation::NonBlockingLockExclusive,
        ) {
            Err(Errno::WOULDBLOCK) => Err(Errno::WOULDBLOCK),
            // A file system without locks: the sweep cannot lock the file either.
            Ok(()) | Err(_) => Ok(temporary),
        }
    }

    fn rename(mut self, dir: &Dir, name: &str) -> io::Result<()> {
        renameat(self.dir, &self.name, dir, name)?;
        self.is_renamed = true;
        Ok(())
    }
}

impl Drop for Temporary<'_> {
    fn drop(&mut self) {
        if !self.is_renamed {
            // The error that led here is reported; a file that stays is swept later.
            let _ = unlinkat(self.dir, &self.name, AtFlags::empty());
        }
    }
}

/// A name that no other file has: process, time and a count.
fn temporary_name() -> String {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    let time = since.unwrap_or_default().as_nanos();
    let pid = std::process::id();
    format!("{PREFIX}{pid}-{time:x}-{count:x}{SUFFIX}")
}

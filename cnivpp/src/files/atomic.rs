//! Atomic writes through temporary files, and the removal of temporary files of killed writers.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use rustix::fd::{AsFd, OwnedFd};
use rustix::fs::{AtFlags, FlockOperation, Mode, OFlags};
use rustix::fs::{flock, fstat, fsync, openat, renameat, unlinkat};
use rustix::io::{self, Errno};

use super::{Access, Dir, Error, Identity, Kind, Result, check_name};

/// Prefix and suffix of temporary file names, by which [`sweep`] finds them.
const PREFIX: &str = ".cnivpp-";
const SUFFIX: &str = ".tmp";

/// The maximum number of temporary files that one write tries.
const ATTEMPTS: usize = 100;

/// Replaces or creates a file atomically.
///
/// Writes a temporary file in the same folder, sets its owner and permissions, and renames it. In a
/// [durable](Dir::durable) folder the file is synced before the rename and the folder after it.
/// Readers see the old or the new content even if this process is killed, and in a durable folder
/// after a power failure. An entry of another kind is replaced, except a folder. A symbolic link is
/// not followed.
///
/// # Errors
/// When the name is invalid, or a system call fails (`ENOSPC`, `EROFS`, `EIO`, …). The old content
/// is unchanged, except if only the sync of the folder fails: then the new content is in place but
/// may be lost in a power failure.
pub fn write_atomic(dir: &Dir, name: &str, bytes: &[u8], access: impl Into<Access>) -> Result<()> {
    write_atomic_through(dir, dir, name, bytes, access)
}

/// Does the same as [`write_atomic`] with the temporary file in a separate folder on the same file
/// system, so that [`sweep`] need not list `dir`.
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
            // The name exists, or a sweep removed the file before it was locked.
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

/// A temporary file. It is locked while it is written, and removed unless it is renamed.
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
        // The kernel releases the lock when the process ends.
        match flock(
            temporary.fd.as_fd(),
            FlockOperation::NonBlockingLockExclusive,
        ) {
            Err(Errno::WOULDBLOCK) => Err(Errno::WOULDBLOCK),
            // Without locks in the file system, a sweep cannot lock the file either.
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
            // The first error is reported. A later sweep removes the file.
            let _ = unlinkat(self.dir, &self.name, AtFlags::empty());
        }
    }
}

/// Returns a unique name from process ID, time and a counter.
fn temporary_name() -> String {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    let time = since.unwrap_or_default().as_nanos();
    let pid = std::process::id();
    format!("{PREFIX}{pid}-{time:x}-{count:x}{SUFFIX}")
}

/// The maximum number of entries in a folder that is swept.
const MAX_ENTRIES: usize = 65_536;

/// Removes temporary files of killed writers, and returns their names.
///
/// Each writer locks its file (flock), and the kernel releases the lock when the writer ends. An
/// unlocked file therefore has no writer. This also works across PID namespaces, where process IDs
/// do not show whether the writer runs, and after a reboot.
///
/// # Errors
/// When the folder cannot be listed or has more than 65536 entries. A file that cannot be removed
/// stays until the next sweep.
pub fn sweep(dir: &Dir) -> Result<Vec<String>> {
    let names = dir.list(MAX_ENTRIES)?;
    let mut removed = Vec::new();
    for name in names {
        let is_temporary = name.starts_with(PREFIX) && name.ends_with(SUFFIX);
        if is_temporary && matches!(remove_if_free(dir, &name), Ok(true)) {
            removed.push(name);
        }
    }
    Ok(removed)
}

fn remove_if_free(dir: &Dir, name: &str) -> io::Result<bool> {
    let is_file = matches!(dir.metadata(name), Ok(Some(it)) if it.kind == Kind::File);
    if !is_file {
        return Ok(false);
    }
    let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
    let fd = openat(dir, name, flags, Mode::empty())?;
    flock(&fd, FlockOperation::NonBlockingLockExclusive)?;
    let locked = Identity::of(&fstat(&fd)?);
    let is_same = matches!(dir.metadata(name), Ok(Some(it)) if it.identity == locked);
    if is_same {
        unlinkat(dir, name, AtFlags::empty())?;
    }
    Ok(is_same)
}

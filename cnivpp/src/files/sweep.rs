use rustix::fs::{AtFlags, FlockOperation, Mode, OFlags, flock, fstat, openat, unlinkat};
use rustix::io;

use super::atomic::{PREFIX, SUFFIX};
use super::{Dir, Identity, Kind, Result};

/// The most entries of a folder that a sweep looks at.
const LIMIT: usize = 65_536;

/// Removes the temporary files that killed writers left, and returns their names.
///
/// Each writer has its file locked (flock), and the kernel releases the lock with the process.
/// A file whose lock is free therefore has no writer. This holds across PID namespaces, where a
/// process ID does not show whether the writer runs, and after a boot.
///
/// # Errors
/// When the folder cannot be listed or has more than 65536 entries. A file that cannot be
/// removed is left for the next sweep.
pub fn sweep(dir: &Dir) -> Result<Vec<String>> {
    let names = dir.list(LIMIT)?;
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

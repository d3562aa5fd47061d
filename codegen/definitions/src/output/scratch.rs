//! The temporary folder of a run, and the removal of those that killed runs left.

use std::fs::{self, DirBuilder, File};
use std::io;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::process;
use std::sync::atomic::{AtomicUsize, Ordering};

const PREFIX: &str = ".vpp-codegen-";

/// The maximum number of names that are tried. A name fails if a killed run had this process ID,
/// or if another run removes the folder before it is locked. Both are rare.
const ATTEMPTS: usize = 100;

/// A temporary folder, removed when dropped. Only its owner may read it.
#[derive(Debug)]
pub struct Scratch {
    path: PathBuf,
    /// The lock of the run that uses the folder. The system releases it when the run ends, so an
    /// unlocked folder belongs to a killed run.
    _lock: Option<File>,
}

impl Scratch {
    /// Creates a folder in `parent`. Removes the folders that killed runs left there.
    pub fn new_in(parent: &Path) -> io::Result<Self> {
        for leftover in leftovers(parent)? {
            remove_unlocked(&leftover);
        }
        for _ in 0..ATTEMPTS {
            let path = parent.join(unique_name());
            match DirBuilder::new().mode(0o700).create(&path) {
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => continue,
                created => created?,
            }
            let lock = File::open(&path).ok();
            let lock = lock.filter(|lock| lock.lock().is_ok());
            if path.is_dir() {
                return Ok(Self { path, _lock: lock });
            }
        }
        Err(io::Error::other("other runs removed the temporary folders"))
    }

    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // The next run removes what remains.
        let _ = fs::remove_dir_all(&self.path);
    }
}

/// Returns a name that no other run on this machine and no other thread of this run uses.
fn unique_name() -> String {
    static NUMBER: AtomicUsize = AtomicUsize::new(0);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    format!("{PREFIX}{}-{number}", process::id())
}

fn leftovers(parent: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(parent)? {
        let entry = entry?;
        let is_ours = entry.file_name().to_string_lossy().starts_with(PREFIX);
        // A link is not a temporary folder.
        if is_ours && entry.file_type()?.is_dir() {
            found.push(entry.path());
        }
    }
    Ok(found)
}

/// Removes a folder that no run uses. Errors are ignored: a remaining folder, such as another
/// user's, is harmless.
fn remove_unlocked(folder: &Path) {
    if let Ok(lock) = File::open(folder)
        && lock.try_lock().is_ok()
    {
        let _ = fs::remove_dir_all(folder);
    }
}

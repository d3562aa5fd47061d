//! The temporary folder of a run, and those that killed runs left.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

const PREFIX: &str = ".vpp-codegen-";

/// How often a folder is made anew that another run has swept away between its making and
/// its lock; once is rare.
const ATTEMPTS: usize = 100;

/// A temporary folder, removed when dropped.
#[derive(Debug)]
pub struct Scratch {
    folder: TempDir,
    /// Held by the run that uses the folder, and freed by the system however the run ends;
    /// so one that nobody holds belongs to a run that was killed.
    _lock: Option<File>,
}

impl Scratch {
    /// A new one in `parent`; those that killed runs left there go.
    pub fn new_in(parent: &Path) -> io::Result<Self> {
        for leftover in leftovers(parent)? {
            sweep(&leftover);
        }
        for _ in 0..ATTEMPTS {
            let folder = tempfile::Builder::new().prefix(PREFIX).tempdir_in(parent)?;
            let lock = File::open(folder.path()).ok();
            let lock = lock.filter(|lock| lock.lock().is_ok());
            if folder.path().is_dir() {
                return Ok(Self {
                    folder,
                    _lock: lock,
                });
            }
        }
        Err(io::Error::other("other runs remove the temporary folders"))
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }
}

fn leftovers(parent: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(parent)? {
        let entry = entry?;
        let is_ours = entry.file_name().to_string_lossy().starts_with(PREFIX);
        // A link is nobody's temporary folder.
        if is_ours && entry.file_type()?.is_dir() {
            found.push(entry.path());
        }
    }
    Ok(found)
}

/// What cannot be removed, as another user's, stays and does no harm.
fn sweep(folder: &Path) {
    if let Ok(lock) = File::open(folder)
        && lock.try_lock().is_ok()
    {
        let _ = fs::remove_dir_all(folder);
    }
}

//! Moves files into place, and undoes the moves on failure.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Moves that are undone on drop, unless [`keep`](Self::keep) is called.
#[derive(Debug)]
pub struct Moves<'a> {
    /// The folder for the old files, on the same file system.
    scratch: &'a Path,
    done: Vec<Done>,
}

#[derive(Debug)]
enum Done {
    Created(PathBuf),
    CreatedFolder(PathBuf),
    Replaced { path: PathBuf, old: PathBuf },
}

impl<'a> Moves<'a> {
    pub fn new(scratch: &'a Path) -> Self {
        let done = Vec::new();
        Self { scratch, done }
    }

    /// Moves `fresh` to `path`. Creates its folder if it is missing.
    pub fn replace(&mut self, path: &Path, fresh: &Path) -> io::Result<()> {
        if let Some(folder) = path.parent() {
            self.create_folder(folder)?;
        }
        let known = match fs::symlink_metadata(path) {
            Ok(known) => known,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                fs::rename(fresh, path)?;
                self.done.push(Done::Created(path.to_path_buf()));
                return Ok(());
            }
            Err(error) => return Err(error),
        };
        if known.is_dir() {
            return Err(io::ErrorKind::IsADirectory.into());
        }
        let old = self.old_path();
        // With a hard link, a file exists at the path at all times.
        fs::hard_link(path, &old).or_else(|_| fs::rename(path, &old))?;
        let path = path.to_path_buf();
        self.done.push(Done::Replaced {
            path: path.clone(),
            old,
        });
        fs::rename(fresh, path)
    }

    /// Removes the file `path`.
    pub fn remove(&mut self, path: &Path) -> io::Result<()> {
        let old = self.old_path();
        fs::rename(path, &old)?;
        let path = path.to_path_buf();
        self.done.push(Done::Replaced { path, old });
        Ok(())
    }

    /// Makes the moves permanent.
    pub fn keep(mut self) {
        self.done.clear();
    }

    fn create_folder(&mut self, folder: &Path) -> io::Result<()> {
        if folder.is_dir() {
            return Ok(());
        }
        if let Some(parent) = folder.parent() {
            self.create_folder(parent)?;
        }
        fs::create_dir(folder)?;
        self.done.push(Done::CreatedFolder(folder.to_path_buf()));
        Ok(())
    }

    fn old_path(&self) -> PathBuf {
        self.scratch.join(format!("old-{}", self.done.len()))
    }
}

impl Drop for Moves<'_> {
    fn drop(&mut self) {
        for done in self.done.drain(..).rev() {
            // Errors are ignored: the caller reports the error that caused the undo.
            let _ = match done {
                Done::Created(path) => fs::remove_file(path),
                Done::CreatedFolder(path) => fs::remove_dir(path),
                Done::Replaced { path, old } => fs::rename(old, path),
            };
        }
    }
}

//! Moving files into place, and taking it back.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Moves that are taken back when dropped, unless they are to be kept.
#[derive(Debug)]
pub struct Moves<'a> {
    /// Where the old files are meanwhile: a folder of the same file system.
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

    /// Moves `fresh` to `path`, whose folder is made where there is none.
    pub fn replace(&mut self, path: &Path, fresh: &Path) -> io::Result<()> {
        if let Some(folder) = path.parent() {
            self.folder(folder)?;
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
        let old = self.old();
        // With a link, the path is never without a file.
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
        let old = self.old();
        fs::rename(path, &old)?;
        let path = path.to_path_buf();
        self.done.push(Done::Replaced { path, old });
        Ok(())
    }

    /// Takes nothing back any more.
    pub fn keep(mut self) {
        self.done.clear();
    }

    fn folder(&mut self, folder: &Path) -> io::Result<()> {
        if folder.is_dir() {
            return Ok(());
        }
        if let Some(parent) = folder.parent() {
            self.folder(parent)?;
        }
        fs::create_dir(folder)?;
        self.done.push(Done::CreatedFolder(folder.to_path_buf()));
        Ok(())
    }

    fn old(&self) -> PathBuf {
        self.scratch.join(format!("old-{}", self.done.len()))
    }
}

impl Drop for Moves<'_> {
    fn drop(&mut self) {
        for done in self.done.drain(..).rev() {
            // One that cannot be taken back keeps none of the others from it; the error that
            // began it is the one to report.
            let _ = match done {
                Done::Created(path) => fs::remove_file(path),
                Done::CreatedFolder(path) => fs::remove_dir(path),
                Done::Replaced { path, old } => fs::rename(old, path),
            };
        }
    }
}

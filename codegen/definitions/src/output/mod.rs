//! Writes files into a folder: all of them or none.
//!
//! A new folder is written under a temporary name and then renamed, so it appears complete.
//!
//! For an existing folder, the changed files are written to a temporary folder inside it and
//! then moved over the old ones one by one. If a move fails, the earlier moves are undone. An
//! exchange of the whole folder (`RENAME_EXCHANGE`) would need copies of unrelated files in the
//! folder, lose concurrent writes, fail if the folder is a mount point, and leave processes that
//! work in the folder in the old one. If a run is killed by SIGKILL within the milliseconds of
//! the moves, old and new files are mixed, each of them complete. The next run repairs this. The
//! program defers signals until the moves are done.
//!
//! Unchanged files are not touched, so Cargo does not compile them again.

mod moves;
mod scratch;
mod stale;

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Component, Path};

use moves::Moves;
use scratch::Scratch;
pub use stale::Stale;

use crate::Error;
use crate::progress::{self, Count, Stage};

/// A file to write: generated source, or definitions.
#[derive(Debug)]
pub struct Generated {
    /// The path in the output folder, such as `memif.rs` or `core/ip.api.json`.
    pub name: String,
    /// The text.
    pub text: String,
}

/// Writes `files` to the folder `out` and removes the `stale` files there.
///
/// # Errors
/// `out` cannot be written, or a name leads out of it. `out` is then unchanged.
pub fn write(out: &Path, files: &[Generated], stale: Stale) -> Result<(), Error> {
    for file in files {
        check_name(out, &file.name)?;
    }
    if out.is_dir() || !create(out, files)? {
        update(out, files, stale)?;
    }
    Ok(())
}

/// Writes `files` to the folder `out`, which is created if it is missing. Other files and
/// unchanged files are not touched.
///
/// # Errors
/// As [`write()`].
pub fn write_files(out: impl AsRef<Path>, files: &[Generated]) -> Result<(), Error> {
    write(out.as_ref(), files, Stale::Kept)
}

/// Checks that a name does not lead out of the folder: names come from untrusted definitions.
fn check_name(out: &Path, name: &str) -> Result<(), Error> {
    let mut parts = Path::new(name).components();
    let is_inside = parts.all(|part| matches!(part, Component::Normal(_)));
    if is_inside && !name.is_empty() {
        return Ok(());
    }
    let outside = format!("the name {name:?} leads out of the folder");
    Err(Error::write(out)(io::Error::new(
        io::ErrorKind::InvalidInput,
        outside,
    )))
}

/// Creates the folder `out` with the files. Returns false if another process has created it in
/// the meantime.
fn create(out: &Path, files: &[Generated]) -> Result<bool, Error> {
    let (Some(parent), Some(name)) = (out.parent(), out.file_name()) else {
        fs::create_dir_all(out).map_err(Error::write(out))?;
        return Ok(false);
    };
    let parent = if parent.as_os_str().is_empty() {
        Path::new(".")
    } else {
        parent
    };
    fs::create_dir_all(parent).map_err(Error::write(parent))?;
    let count = Count::of(Stage::Writing, files.len());
    let scratch = Scratch::new_in(parent).map_err(Error::write(parent))?;
    // The scratch folder is readable by its owner only, so a subfolder is renamed instead.
    let whole = scratch.path().join("whole");
    for file in files {
        let path = whole.join(&file.name);
        let folder = path.parent().unwrap_or(&whole);
        fs::create_dir_all(folder).map_err(Error::write(folder))?;
        fs::write(&path, &file.text).map_err(Error::write(&path))?;
    }
    fs::create_dir_all(&whole).map_err(Error::write(&whole))?;
    match fs::rename(&whole, parent.join(name)) {
        Ok(()) => {
            drop(scratch);
            count.finish();
            Ok(true)
        }
        Err(_) if out.is_dir() => Ok(false),
        Err(source) => Err(Error::write(out)(source)),
    }
}

/// Updates the existing folder `out`.
fn update(out: &Path, files: &[Generated], stale: Stale) -> Result<(), Error> {
    // Concurrent runs write one after the other, so that neither removes files of the other. If
    // the file system does not support locks, each file is still complete.
    let lock = File::open(out).map_err(Error::write(out))?;
    if matches!(lock.try_lock(), Err(TryLockError::WouldBlock)) {
        progress::report(Stage::Waiting, 0, 0);
        let _ = lock.lock();
    }
    let count = Count::of(Stage::Writing, files.len());
    let scratch = Scratch::new_in(out).map_err(Error::write(out))?;
    let stale = stale.of(out, files)?;

    let mut changed = Vec::new();
    for file in files {
        let path = out.join(&file.name);
        if !has_text(&path, &file.text) {
            let fresh = scratch.path().join(format!("new-{}", changed.len()));
            fs::write(&fresh, &file.text).map_err(Error::write(&fresh))?;
            changed.push((fresh, path));
        }
    }
    let mut moves = Moves::new(scratch.path());
    for (fresh, path) in &changed {
        moves.replace(path, fresh).map_err(Error::write(path))?;
    }
    for path in &stale {
        moves.remove(path).map_err(Error::write(path))?;
    }
    moves.keep();
    drop(scratch);
    count.finish();
    Ok(())
}

fn has_text(path: &Path, text: &str) -> bool {
    // Reading a pipe, for example, might never end.
    let is_file = fs::metadata(path).is_ok_and(|metadata| metadata.is_file());
    is_file && fs::read(path).is_ok_and(|old| old == text.as_bytes())
}

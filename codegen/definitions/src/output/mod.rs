//! Writing files into a folder: all of them, or none.
//!
//! A folder that is not there yet is written beside its place and appears at once, whole.
//!
//! Into one that is there, the files that differ are written to a temporary folder in it,
//! and then moved over the old ones one by one; where a move fails, those before it are
//! taken back. To exchange the whole folder in one step instead (`RENAME_EXCHANGE`) was
//! considered: it would need copies of what others keep in the folder, lose what they write
//! at that moment, fail where the folder is a mount, and leave those who stand in it in the
//! old one. What remains is that a kill that no program can catch, within the milliseconds
//! of the moves, leaves old and new files side by side, each of them whole; the next run
//! completes it. The program defers the signals that it can catch until the moves are done.
//!
//! Files that would not change are not touched: their times say so to cargo.

mod generated;
mod moves;
mod scratch;
mod stale;

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Component, Path};

pub use generated::Generated;
use moves::Moves;
use scratch::Scratch;
pub use stale::Stale;

use crate::Error;
use crate::progress::{self, Count, Stage};

/// Writes `files`, whose names may have folders, to `out`, and removes the `stale` files
/// there. On an error `out` is as it was.
pub fn write(out: &Path, files: &[Generated], stale: Stale) -> Result<(), Error> {
    for file in files {
        check(out, &file.name)?;
    }
    if out.is_dir() || !appear(out, files)? {
        update(out, files, stale)?;
    }
    Ok(())
}

/// Writes `files` to the folder `out`, which is made if it is not there; their names may
/// have folders. Other files are left alone, and so are those that would not change.
///
/// # Errors
/// When `out` cannot be written, or a name leads out of it; `out` is then as it was.
pub fn write_files(out: impl AsRef<Path>, files: &[Generated]) -> Result<(), Error> {
    write(out.as_ref(), files, Stale::Kept)
}

/// The names come from definitions, and whoever wrote those must not choose the folder.
fn check(out: &Path, name: &str) -> Result<(), Error> {
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

/// Makes the folder `out` with the files in it. Not, where it has come into being meanwhile
/// with files of another's.
fn appear(out: &Path, files: &[Generated]) -> Result<bool, Error> {
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
    // A folder in the temporary one, which only its owner may read.
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
            count.all();
            Ok(true)
        }
        Err(_) if out.is_dir() => Ok(false),
        Err(source) => Err(Error::write(out)(source)),
    }
}

/// Brings the folder `out` up to date.
fn update(out: &Path, files: &[Generated], stale: Stale) -> Result<(), Error> {
    // Two runs at once write one after the other, so that no file of one is stale to the
    // other. Where the file system knows no locks, each file is whole all the same.
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
        if !holds(&path, &file.text) {
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
    count.all();
    Ok(())
}

fn holds(path: &Path, text: &str) -> bool {
    // What is no file, as a pipe, might never be read to its end.
    let is_file = fs::metadata(path).is_ok_and(|known| known.is_file());
    is_file && fs::read(path).is_ok_and(|old| old == text.as_bytes())
}

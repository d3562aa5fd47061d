//! Files below a folder.

use std::fs::{self, DirEntry};
use std::path::{Path, PathBuf};

use crate::Error;

/// The files below `folder` that are `wanted`, sorted. A folder is gone into where `enter`
/// says so, which is told how deep it lies: 0 for those in `folder` itself.
pub fn files(
    folder: &Path,
    enter: impl Fn(&DirEntry, usize) -> bool,
    wanted: impl Fn(&Path) -> bool,
) -> Result<Vec<PathBuf>, Error> {
    let mut found = Vec::new();
    let mut folders = vec![(folder.to_path_buf(), 0)];
    while let Some((folder, depth)) = folders.pop() {
        let error = |source| Error::Read {
            path: folder.clone(),
            source,
        };
        for entry in fs::read_dir(&folder).map_err(error)? {
            let entry = entry.map_err(error)?;
            let (path, kind) = (entry.path(), entry.file_type().map_err(error)?);
            if kind.is_dir() || (kind.is_symlink() && path.is_dir()) {
                if enter(&entry, depth) {
                    folders.push((path, depth + 1));
                }
            } else if wanted(&path) {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}

/// Whether a folder or file is one that listings do not show.
pub fn is_hidden(entry: &DirEntry) -> bool {
    entry.file_name().as_encoded_bytes().starts_with(b".")
}

/// What the names of definition files end with.
pub const JSON_SUFFIX: &str = ".api.json";

/// The `.api.json` files of a folder, flat or with the folders that VPP installs (`core`,
/// `plugins`), sorted. Hidden folders are skipped.
pub fn find_json(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    files(
        folder,
        |entry, depth| depth < 2 && !is_hidden(entry),
        |path| path.to_string_lossy().ends_with(JSON_SUFFIX),
    )
}

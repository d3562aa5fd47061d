//! Finds files of definitions below a folder.

use std::fs::{self, DirEntry};
use std::path::{Path, PathBuf};

use crate::Error;

/// The end of the names of JSON definition files.
pub const JSON_SUFFIX: &str = ".api.json";

/// Folders of a source tree whose files do not belong to VPP.
const SKIPPED_FOLDERS: &[&str] = &["examples", "test", "tests"];

/// The maximum depth of folders with `.api` files.
const MAX_DEPTH: usize = 32;

/// Finds the `.api.json` files of a folder, sorted.
///
/// The folder is flat or has the subfolders that VPP installs (`core`, `plugins`). Hidden
/// folders are skipped.
pub fn find_json(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    find(
        folder,
        |entry, depth| depth < 2 && !is_hidden(entry),
        |path| path.to_string_lossy().ends_with(JSON_SUFFIX),
    )
}

/// Finds the `.api` files below a folder, sorted.
///
/// Hidden folders, links to folders, and folders of examples and tests are skipped.
pub fn find_api(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let enter = |entry: &DirEntry, depth| {
        let is_link = entry.file_type().is_ok_and(|kind| kind.is_symlink());
        let is_skipped = SKIPPED_FOLDERS
            .iter()
            .any(|name| entry.file_name() == *name);
        depth < MAX_DEPTH && !is_link && !is_skipped && !is_hidden(entry)
    };
    find(folder, enter, is_api_file)
}

/// Whether the name of a file is that of an `.api` file.
pub fn is_api_file(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "api")
}

/// Finds the files below `folder` that are `wanted`, sorted.
///
/// `enter` decides whether to search a subfolder. It receives the depth of the subfolder: 0 for
/// those in `folder` itself.
fn find(
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

fn is_hidden(entry: &DirEntry) -> bool {
    entry.file_name().as_encoded_bytes().starts_with(b".")
}

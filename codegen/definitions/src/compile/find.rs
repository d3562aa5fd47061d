//! Which files of a folder are compiled.

use std::fs::DirEntry;
use std::path::{Path, PathBuf};

use crate::{Error, files};

/// Folders of a source tree whose files are no part of VPP.
const PASSED_OVER: &[&str] = &["examples", "test", "tests"];

/// How deep folders are gone into.
const DEPTH: usize = 32;

/// Whether a file is one of the API language: by its name.
pub fn is_api_file(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "api")
}

/// The `.api` files below a folder, sorted. Folders whose name begins with a dot, links to
/// folders, and those for examples and tests are passed over.
pub fn find(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let enter = |entry: &DirEntry, depth| {
        let is_link = entry.file_type().is_ok_and(|kind| kind.is_symlink());
        let is_passed = PASSED_OVER.iter().any(|name| entry.file_name() == *name);
        depth < DEPTH && !is_link && !is_passed && !files::is_hidden(entry)
    };
    files::files(folder, enter, is_api_file)
}

//! Which files of a folder are compiled.

use std::path::{Path, PathBuf};

use crate::Error;

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
    let mut found = Vec::new();
    let mut folders = vec![(folder.to_path_buf(), 0)];
    while let Some((folder, depth)) = folders.pop() {
        let error = |source| Error::Read {
            path: folder.clone(),
            source,
        };
        for entry in std::fs::read_dir(&folder).map_err(error)? {
            let entry = entry.map_err(error)?;
            let path = entry.path();
            let name = entry.file_name();
            let name = name.to_string_lossy();
            if entry.file_type().map_err(error)?.is_dir() {
                let is_passed = name.starts_with('.') || PASSED_OVER.contains(&&*name);
                if !is_passed && depth < DEPTH {
                    folders.push((path, depth + 1));
                }
            } else if is_api_file(&path) {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}

//! Reads the files of a folder of definitions as plain JSON.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{fs, io};

use serde_json::Value;

/// All `.api.json` files in `folder` and the folders in it, sorted.
///
/// # Errors
/// If a folder cannot be read.
pub fn files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            found.append(&mut files(&path)?);
        } else if path.to_string_lossy().ends_with(".api.json") {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

/// The documents of a folder, by file name.
///
/// # Errors
/// The file that cannot be read, and the reason.
pub fn documents(folder: &Path) -> Result<BTreeMap<String, Value>, String> {
    let read = |file: PathBuf| {
        let of_file = |error: &dyn std::fmt::Display| format!("{}: {error}", file.display());
        let text = fs::read_to_string(&file).map_err(|error| of_file(&error))?;
        let json = serde_json::from_str(&text).map_err(|error| of_file(&error))?;
        let name = file.file_name().unwrap_or_default();
        Ok((name.to_string_lossy().into_owned(), json))
    };
    let files = files(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    files.into_iter().map(read).collect()
}

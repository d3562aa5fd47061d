use std::fs;
use std::path::PathBuf;

use crate::cni::env::PATH;
use crate::cni::{Error, Result};

/// Finds the program of a plugin: the first regular file with its name in the folders.
///
/// # Errors
/// Code 7 if the name is not a file name, or none of the folders has the file; code 4 if no
/// folder is listed.
pub(super) fn find(plugin: &str, folders: &[PathBuf]) -> Result<PathBuf> {
    if plugin.is_empty() || plugin.contains(['/', '\0']) {
        let why = format!("ipam.type {plugin:?} is not the name of a plugin");
        return Err(Error::config(why).with_details("it must be a file name without '/'"));
    }
    if folders.is_empty() {
        let why = format!("{PATH} is missing, so that the ipam plugin {plugin} cannot be found");
        return Err(Error::environment(why));
    }
    let mut paths = folders.iter().map(|it| it.join(plugin));
    let found = paths.find(|it| fs::metadata(it).is_ok_and(|it| it.is_file()));
    found.ok_or_else(|| {
        let folders: Vec<_> = folders.iter().map(|it| it.to_string_lossy()).collect();
        let why = format!("ipam plugin {plugin} is not installed");
        let details = format!(
            "it is in none of the folders of {PATH}: {}",
            folders.join(", ")
        );
        Error::config(why).with_details(details)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_folder_with_the_file_wins() {
        let [a, b, c] = [0; 3].map(|_| tempfile::tempdir().unwrap());
        let folders = [&a, &b, &c].map(|it| it.path().to_owned());
        fs::create_dir(a.path().join("ipam")).unwrap();
        fs::write(b.path().join("ipam"), "").unwrap();
        fs::write(c.path().join("ipam"), "").unwrap();
        assert_eq!(find("ipam", &folders).unwrap(), b.path().join("ipam"));
    }

    #[test]
    fn a_path_is_not_a_name() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("ipam"), "").unwrap();
        let folders = [folder.path().to_owned()];
        for name in ["", "./ipam", "/bin/sh", "../bin/sh", "a\0b", ".", ".."] {
            let error = find(name, &folders).unwrap_err();
            assert_eq!(error.code(), 7, "{name:?}");
        }
        assert_eq!(find("ipam", &[]).unwrap_err().code(), 4);
    }
}

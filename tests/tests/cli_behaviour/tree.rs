//! Creates folders of definitions and reads the content of folders.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

/// All files below a folder with their bytes, by relative path. Folders end with a slash.
pub fn tree(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(&next).unwrap() {
            let path = entry.unwrap().path();
            let name = path.strip_prefix(folder).unwrap().to_str().unwrap();
            if path.is_dir() {
                found.insert(format!("{name}/"), Vec::new());
                folders.push(path);
            } else {
                found.insert(name.to_owned(), fs::read(&path).unwrap());
            }
        }
    }
    found
}

/// The temporary folders in a folder.
pub fn scratches(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap();
    entries
        .map(|entry| entry.unwrap().path())
        .filter(|path| {
            let name = path.file_name().unwrap();
            name.as_encoded_bytes().starts_with(b".vpp-codegen-")
        })
        .collect()
}

/// The definitions of a release with this version in each file, so that all files of two
/// versions differ.
pub fn definitions(version: u32) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let release = Path::new(vpp_api_json::LATEST);
    for (name, text) in tree(release) {
        let path = folder.path().join(&name);
        if name.ends_with('/') {
            fs::create_dir_all(path).unwrap();
            continue;
        }
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        let mut json: serde_json::Value = serde_json::from_slice(&text).unwrap();
        json["options"]["version"] = format!("{version}.0.0").into();
        fs::write(path, json.to_string()).unwrap();
    }
    folder
}

/// The arguments of `vendor`.
pub fn vendor(from: &Path, out: &Path) -> [String; 5] {
    let [from, out] = [from, out].map(|path| path.to_str().unwrap().to_owned());
    [
        "vendor".to_owned(),
        "--from".to_owned(),
        from,
        "--out".to_owned(),
        out,
    ]
}

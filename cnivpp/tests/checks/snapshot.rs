//! Snapshots of all files below a folder.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::{FileTypeExt, MetadataExt};
use std::path::Path;

/// Kind, owner, permissions and content of each file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snapshot(BTreeMap<String, String>);

impl Snapshot {
    /// Reads the files below a folder, except files and folders for which `skip` is true.
    pub fn of(folder: &Path, skip: impl Fn(&Path) -> bool) -> Self {
        let mut all = BTreeMap::new();
        collect(folder, Path::new(""), &skip, &mut all);
        Self(all)
    }

    /// Returns the paths, relative to the folder.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// Returns kind, owner, group, permissions and content of a file.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }
}

fn collect(
    folder: &Path,
    below: &Path,
    skip: &impl Fn(&Path) -> bool,
    all: &mut BTreeMap<String, String>,
) {
    // A folder may disappear while it is read.
    let Ok(entries) = folder.join(below).read_dir() else {
        return;
    };
    for entry in entries {
        let name = below.join(entry.unwrap().file_name());
        if skip(&name) {
            continue;
        }
        let path = folder.join(&name);
        let Ok(found) = path.symlink_metadata() else {
            continue;
        };
        let kind = found.file_type();
        let owner = format!(
            "{}:{} {:o}",
            found.uid(),
            found.gid(),
            found.mode() & 0o7777
        );
        let text = if kind.is_symlink() {
            format!("link {owner} {}", fs::read_link(&path).unwrap().display())
        } else if kind.is_socket() {
            format!("socket {owner}")
        } else if kind.is_dir() {
            collect(folder, &name, skip, all);
            format!("folder {owner}")
        } else if kind.is_file() {
            let content = fs::read(&path).unwrap_or_default();
            format!("file {owner} {}", String::from_utf8_lossy(&content))
        } else {
            format!("other {owner}")
        };
        all.insert(name.to_string_lossy().into_owned(), text);
    }
}

//! Finds imported files.

use std::path::{Path, PathBuf};

use crate::files;

/// An imported file.
#[derive(Debug)]
pub enum Imported {
    /// An `.api` file.
    Source(PathBuf),
    /// The JSON that VPP installs for the `.api` file.
    Installed(PathBuf),
}

/// The name of the JSON that VPP installs for the source `text`.
fn json_name(text: &str) -> String {
    let name = text.rsplit('/').next().unwrap_or(text);
    format!("{name}.json")
}

/// The possible paths of VPP's JSON for the source `text`: as installed, flat, or as in VPP's
/// build folder.
fn installed(folder: &Path, text: &str) -> [PathBuf; 4] {
    let file = json_name(text);
    [
        folder.join("core").join(&file),
        folder.join("plugins").join(&file),
        folder.join(&file),
        folder.join(format!("{text}.json")),
    ]
}

/// The folders that are searched for imports.
#[derive(Debug, Clone, Default)]
pub struct Includes {
    folders: Vec<PathBuf>,
}

impl Includes {
    pub fn push(&mut self, folder: PathBuf) {
        self.folders.push(folder);
    }

    /// Finds the file that `text` names when `root` is compiled.
    ///
    /// Each include folder can have it as source or as installed JSON. JSON is found by its
    /// name alone, without the folder of the source.
    ///
    /// Like VPP's tool, this does not search the folder of the importing file: names are
    /// relative to a source tree (`vnet/ip/ip_types.api`). Without include folders, the folders
    /// above `root`, the nearest first, and the current folder are searched, so a file in a
    /// source tree finds that tree.
    pub fn find(&self, text: &str, root: &Path) -> Option<Imported> {
        let accepts_json = !self.folders.is_empty();
        self.searched(root).into_iter().find_map(|folder| {
            let source = folder.join(text);
            if source.exists() {
                return Some(Imported::Source(source));
            }
            let candidates = installed(folder, text);
            let mut candidates = candidates.into_iter().filter(|_| accepts_json);
            candidates
                .find(|path| path.is_file())
                .map(Imported::Installed)
        })
    }

    /// The name of the JSON that can replace `text`; `None` if only sources are searched.
    pub fn installed_name(&self, text: &str) -> Option<String> {
        (!self.folders.is_empty()).then(|| json_name(text))
    }

    /// The `.api.json` files in all include folders. Folders that cannot be read are skipped.
    pub fn installed(&self) -> Vec<PathBuf> {
        let folders = self.folders.iter();
        let mut files: Vec<PathBuf> = folders
            .flat_map(|folder| files::find_json(folder).unwrap_or_default())
            .collect();
        files.sort();
        files.dedup();
        files
    }

    /// The folders that are searched for imports of `root`.
    pub fn searched<'a>(&'a self, root: &'a Path) -> Vec<&'a Path> {
        if self.folders.is_empty() {
            let mut above: Vec<&Path> = root.ancestors().skip(1).collect();
            let here = Path::new("");
            if !above.contains(&here) {
                above.push(here);
            }
            return above;
        }
        self.folders.iter().map(PathBuf::as_path).collect()
    }
}

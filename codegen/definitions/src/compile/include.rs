//! Where imported files are.

use std::path::{Path, PathBuf};

use crate::files;

/// An imported file.
#[derive(Debug)]
pub enum Found {
    /// In the API language.
    Source(PathBuf),
    /// Only what VPP installs of it: JSON.
    Installed(PathBuf),
}

/// How VPP installs the source `text`.
fn json_name(text: &str) -> String {
    let name = text.rsplit('/').next().unwrap_or(text);
    format!("{name}.json")
}

/// Where VPP's JSON of the source `text` can be: installed, flat, or as VPP's build lays it.
fn installed(folder: &Path, text: &str) -> [PathBuf; 4] {
    let file = json_name(text);
    [
        folder.join("core").join(&file),
        folder.join("plugins").join(&file),
        folder.join(&file),
        folder.join(format!("{text}.json")),
    ]
}

/// The folders that imports are looked for in.
#[derive(Debug, Clone, Default)]
pub struct Includes {
    folders: Vec<PathBuf>,
}

impl Includes {
    pub fn push(&mut self, folder: PathBuf) {
        self.folders.push(folder);
    }

    /// The file that `text` names in a file compiled as `root`: the first that is there. A
    /// folder that was given may have it as JSON instead, as VPP installs it: by its name,
    /// whatever folder the source was in.
    ///
    /// As VPP's tool has it, the folder of the importing file is none of those searched: names
    /// are those of a source tree (`vnet/ip/ip_types.api`). Where no folders were given, the
    /// ones above `root` are searched, the nearest first, and the one at hand: a file in a
    /// source tree finds the tree that it is in.
    pub fn find(&self, text: &str, root: &Path) -> Option<Found> {
        let takes_json = !self.folders.is_empty();
        self.searched(root).into_iter().find_map(|folder| {
            let source = folder.join(text);
            if source.exists() {
                return Some(Found::Source(source));
            }
            let candidates = installed(folder, text);
            let mut candidates = candidates.into_iter().filter(|_| takes_json);
            candidates.find(|path| path.is_file()).map(Found::Installed)
        })
    }

    /// The JSON that is taken in the place of `text`; none where only sources are looked for.
    pub fn installed_name(&self, text: &str) -> Option<String> {
        (!self.folders.is_empty()).then(|| json_name(text))
    }

    /// The definitions in all folders that were given; those that cannot be read have none.
    pub fn installed(&self) -> Vec<PathBuf> {
        let folders = self.folders.iter();
        let mut files: Vec<PathBuf> = folders
            .flat_map(|folder| files::find_json(folder).unwrap_or_default())
            .collect();
        files.sort();
        files.dedup();
        files
    }

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

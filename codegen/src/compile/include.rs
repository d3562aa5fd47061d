//! Where imported files are.

use std::path::{Path, PathBuf};

/// The folders that imports are looked for in.
#[derive(Debug, Clone, Default)]
pub struct Includes {
    folders: Vec<PathBuf>,
}

impl Includes {
    pub fn push(&mut self, folder: PathBuf) {
        self.folders.push(folder);
    }

    /// The file that `text` names in a file compiled as `root`: the first that is there.
    ///
    /// As VPP's tool has it, the folder of the importing file is none of those searched: names
    /// are those of a source tree (`vnet/ip/ip_types.api`). Where no folders were given, the
    /// ones above `root` are searched, the nearest first, and the one at hand: a file in a
    /// source tree finds the tree that it is in.
    pub fn find(&self, text: &str, root: &Path) -> Option<PathBuf> {
        self.searched(root)
            .into_iter()
            .map(|folder| folder.join(text))
            .find(|path| path.exists())
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

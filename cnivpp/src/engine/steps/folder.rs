use std::path::{Path, PathBuf};

use crate::engine::context::StepContext;
use crate::engine::{Look, Numbers, Result, Undone};
use crate::files::{Access, Dir};

/// A folder for a socket file. VPP does not create folders.
///
/// It is removed only if it is empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Folder {
    /// The trusted folder that it is in.
    pub base: PathBuf,
    /// The folder below it. No symbolic link there is followed.
    pub folder: PathBuf,
    /// Its permissions and group.
    pub access: Access,
}

impl Folder {
    /// The missing folders of a file, in the order of creation.
    #[must_use]
    pub fn missing_for(file: &Path) -> Vec<Self> {
        let Some(folder) = file.parent() else {
            return Vec::new();
        };
        let exists = |it: &&Path| it.exists() && !it.as_os_str().is_empty();
        let Some(base) = folder.ancestors().find(exists) else {
            return Vec::new();
        };
        let missing = folder.ancestors().take_while(|it| *it != base);
        let below = |it: &Path| it.strip_prefix(base).unwrap_or(it).to_owned();
        let mut folders: Vec<Self> = missing
            .map(|it| Self {
                base: base.to_owned(),
                folder: below(it),
                access: Access::mode(0o755),
            })
            .collect();
        folders.reverse();
        folders
    }

    fn path(&self) -> PathBuf {
        self.base.join(&self.folder)
    }

    pub(in crate::engine) async fn look(&self, _: &mut StepContext<'_>) -> Result<Look> {
        let opened = Dir::open(&self.base).and_then(|base| base.open_beneath(&self.folder));
        match opened {
            Ok(_) => Ok(Look::Present),
            Err(error) if error.is_missing() => Ok(Look::Missing),
            Err(error) => Err(error.into()),
        }
    }

    pub(in crate::engine) async fn apply(&self, _: &mut StepContext<'_>) -> Result<String> {
        let base = Dir::create(&self.base, Access::mode(0o755))?;
        base.create_beneath(&self.folder, self.access)?;
        Ok(format!("folder {} created", self.path().display()))
    }

    pub(in crate::engine) async fn undo(&self, _: &mut StepContext<'_>) -> Result<Undone> {
        Ok(self.remove())
    }

    /// Removes the folder if it is empty.
    pub(in crate::engine) fn remove(&self) -> Undone {
        let Some(name) = self.folder.file_name().and_then(|it| it.to_str()) else {
            return Undone::Gone;
        };
        let above = self.folder.parent().unwrap_or(Path::new(""));
        let opened = Dir::open(&self.base).and_then(|base| {
            if above.as_os_str().is_empty() {
                return Ok(base);
            }
            base.open_beneath(above)
        });
        match opened.and_then(|it| it.remove_empty_folder(name)) {
            Ok(true) => Undone::Done(format!("folder {} removed", self.path().display())),
            Ok(false) => Undone::Gone,
            Err(error) if error.is_missing() => Undone::Gone,
            // It has files of other owners.
            Err(error) => Undone::Kept(error.to_string()),
        }
    }

    pub(in crate::engine) fn operation(&self) -> String {
        format!("create the folder {}", self.path().display())
    }

    pub(in crate::engine) fn describe(&self, _: &Numbers) -> String {
        format!("folder {}", self.path().display())
    }
}

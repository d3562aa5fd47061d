use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::files::{self, Dir, Reason, socket};

/// How long a process that is exiting gets to close a socket.
const PATIENCE: Duration = Duration::from_secs(1);

/// Where a file is: a trusted folder, a folder below it that a pod may write into, and a name.
///
/// No symbolic link below `base` is followed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileLocation {
    /// The trusted folder.
    pub base: PathBuf,
    /// The folder below it; empty for `base` itself.
    pub folder: PathBuf,
    /// The file's name.
    pub name: String,
}

impl FileLocation {
    /// A file in a trusted folder; `None` for a path without a folder or of a name that is not
    /// UTF-8.
    #[must_use]
    pub fn of(path: &Path) -> Option<Self> {
        let base = path.parent().filter(|it| it.is_absolute())?;
        Some(Self {
            base: base.to_owned(),
            folder: PathBuf::new(),
            name: path.file_name()?.to_str()?.to_owned(),
        })
    }

    /// The file's path.
    #[must_use]
    pub fn path(&self) -> PathBuf {
        self.base.join(&self.folder).join(&self.name)
    }

    /// Opens the folder.
    ///
    /// # Errors
    /// When it is missing, or a symbolic link is in the way.
    pub fn open(&self) -> files::Result<Dir> {
        let base = Dir::open(&self.base)?;
        if self.folder.as_os_str().is_empty() {
            return Ok(base);
        }
        base.open_beneath(&self.folder)
    }

    /// Whether anything has the file's name.
    #[must_use]
    pub fn exists(&self) -> bool {
        self.path().symlink_metadata().is_ok()
    }

    /// Removes a socket file as soon as no process has the socket open, and returns whether it
    /// did. One that is in use after a second stays, and so does anything that is not a socket.
    ///
    /// # Errors
    /// When the system refuses.
    pub(super) async fn remove_stale_socket(&self) -> files::Result<bool> {
        let dir = match self.open() {
            Err(error) if error.is_missing() => return Ok(false),
            // What the pod has put in the place of its folder must not keep it from being deleted.
            Err(error) if error.is_obstacle() => {
                tracing::warn!("{error}");
                return Ok(false);
            }
            dir => dir?,
        };
        match socket::remove_stale_soon(&dir, &self.name, None, PATIENCE).await {
            Err(error) => match error.reason() {
                Reason::InUse | Reason::Kind { .. } | Reason::Replaced { .. } => {
                    tracing::info!("{error}");
                    Ok(false)
                }
                _ => Err(error),
            },
            removed => removed,
        }
    }
}

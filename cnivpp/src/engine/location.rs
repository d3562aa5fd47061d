use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::files::{self, Dir, Reason, socket};

/// The time in which an exiting process must close a socket.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(1);

/// The location of a file: a trusted folder, a folder below it that a pod may write to, and a
/// name.
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
    /// A file in a trusted folder. `None` if the path is not absolute or the name is not UTF-8.
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
    /// The folder is missing, or its path has a symbolic link.
    pub fn open(&self) -> files::Result<Dir> {
        let base = Dir::open(&self.base)?;
        if self.folder.as_os_str().is_empty() {
            return Ok(base);
        }
        base.open_beneath(&self.folder)
    }

    /// Whether a file, folder or link with the file's name exists.
    #[must_use]
    pub fn exists(&self) -> bool {
        self.path().symlink_metadata().is_ok()
    }

    /// Removes a socket file as soon as no process has the socket open, and returns whether it
    /// did. Keeps a socket that is still in use after a second, and anything that is not a socket.
    ///
    /// # Errors
    /// The system refuses.
    pub(super) async fn remove_stale_socket(&self) -> files::Result<bool> {
        let dir = match self.open() {
            Err(error) if error.is_missing() => return Ok(false),
            // If the pod has replaced its folder, it can still be deleted.
            Err(error) if error.is_obstacle() => {
                tracing::warn!("{error}");
                return Ok(false);
            }
            dir => dir?,
        };
        match socket::remove_stale_soon(&dir, &self.name, None, CLOSE_TIMEOUT).await {
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

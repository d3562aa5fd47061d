use std::fs::File;
use std::io::Read;
use std::path::Path;

use rustix::io::Errno;
use serde::{Deserialize, Serialize};

use crate::files::{self, Error, Identity, Reason};

/// Where Linux shows which boot this is.
const BOOT_ID: &str = "/proc/sys/kernel/random/boot_id";

/// The node's current boot: a UUID that changes with each boot.
///
/// # Errors
/// When `/proc` is not mounted.
pub fn boot_id() -> files::Result<String> {
    const OPERATION: &str = "read";
    let mut text = String::new();
    let read = File::open(BOOT_ID).and_then(|it| it.take(100).read_to_string(&mut text));
    read.map_err(|error| {
        let errno = Errno::from_io_error(&error).unwrap_or(Errno::IO);
        Error::system(OPERATION, BOOT_ID)(errno)
    })?;
    let text = text.trim();
    if text.is_empty() {
        return Err(Error::system(OPERATION, BOOT_ID)(Errno::NODATA));
    }
    Ok(text.to_owned())
}

/// Which network namespace a path leads to.
///
/// The path of a deleted namespace may lead to another one later, or to an empty file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct NetnsId {
    /// The number of the file system (nsfs).
    pub device: u64,
    /// The number of the namespace; Linux may use it again once the namespace is deleted.
    pub inode: u64,
}

impl NetnsId {
    /// The namespace at a path; `None` if the path leads nowhere.
    ///
    /// The links in `/proc/<pid>/ns` are followed. The path must be that of the mount namespace
    /// in which it was chosen: the host's.
    ///
    /// # Errors
    /// When the path contains NUL, or the system refuses.
    pub fn of(path: impl AsRef<Path>) -> files::Result<Option<Self>> {
        const OPERATION: &str = "look at the network namespace";
        let path = path.as_ref();
        if path.as_os_str().as_encoded_bytes().contains(&0) {
            let why = "a path must not contain NUL".to_owned();
            return Err(Error::new(OPERATION, path, Reason::Name(why)));
        }
        match rustix::fs::stat(path) {
            Ok(stat) => {
                let Identity { device, inode } = Identity::of(&stat);
                Ok(Some(Self { device, inode }))
            }
            // ENOTDIR: what was a folder in the path is a file now.
            Err(Errno::NOENT | Errno::NOTDIR) => Ok(None),
            Err(errno) => Err(Error::system(OPERATION, path)(errno)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_boot_has_a_uuid_that_stays() {
        let id = boot_id().unwrap();
        assert_eq!(id.len(), 36, "{id}");
        assert_eq!(id, boot_id().unwrap());
    }

    #[test]
    fn two_paths_to_one_namespace_have_one_identity() {
        let own = NetnsId::of("/proc/self/ns/net").unwrap();
        let path = format!("/proc/{}/ns/net", std::process::id());
        assert!(own.is_some());
        assert_eq!(NetnsId::of(path).unwrap(), own);
        assert_ne!(NetnsId::of("/proc/self/ns/mnt").unwrap(), own);
    }

    #[test]
    fn a_vanished_namespace_has_no_identity() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        std::fs::write(&file, "").unwrap();
        assert_eq!(NetnsId::of(folder.path().join("x")).unwrap(), None);
        assert_eq!(NetnsId::of(file.join("x")).unwrap(), None);
        assert_eq!(NetnsId::of("").unwrap(), None);
        assert!(NetnsId::of("a\0b").is_err());
    }
}

use std::fs::File;
use std::io::Read;
use std::path::Path;

use rustix::io::Errno;
use serde::{Deserialize, Serialize};

use crate::files::{self, Error, Identity, Reason};

/// The file in which Linux shows the boot ID.
const BOOT_ID: &str = "/proc/sys/kernel/random/boot_id";

/// Returns the UUID of the node's current boot.
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

/// The identity of a network namespace.
///
/// The path of a deleted namespace may later refer to another namespace, or to an empty file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct NetnsId {
    /// The number of the file system (nsfs).
    pub device: u64,
    /// The number of the namespace. Linux may reuse it after the namespace is deleted.
    pub inode: u64,
}

impl NetnsId {
    /// Returns the namespace at a path; `None` if the path does not exist.
    ///
    /// Follows the links in `/proc/<pid>/ns`. The path is valid in the host's mount namespace, so
    /// this process must be in it.
    ///
    /// # Errors
    /// When the path contains NUL, or a system call fails.
    pub fn of(path: impl AsRef<Path>) -> files::Result<Option<Self>> {
        const OPERATION: &str = "get the identity of the network namespace";
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
            // ENOTDIR: a folder of the path was replaced by a file.
            Err(Errno::NOENT | Errno::NOTDIR) => Ok(None),
            Err(errno) => Err(Error::system(OPERATION, path)(errno)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_boot_id_is_a_constant_uuid() {
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
    fn a_deleted_namespace_has_no_identity() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        std::fs::write(&file, "").unwrap();
        assert_eq!(NetnsId::of(folder.path().join("x")).unwrap(), None);
        assert_eq!(NetnsId::of(file.join("x")).unwrap(), None);
        assert_eq!(NetnsId::of("").unwrap(), None);
        assert!(NetnsId::of("a\0b").is_err());
    }
}

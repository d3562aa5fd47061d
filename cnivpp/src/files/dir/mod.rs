//! Folders and their entries.

mod beneath;
mod entry;

use std::path::{Component, Path, PathBuf};

use rustix::fd::{AsFd, BorrowedFd, OwnedFd};
use rustix::fs::{AtFlags, Mode, OFlags, fstat, fsync, mkdirat, open, openat, statat};
use rustix::io::Errno;

pub use entry::Contents;

use super::{Access, Error, Identity, Kind, Metadata, Reason, Result, check_name};

/// The flags for opening a folder: no symbolic links, closed on exec.
const FLAGS: OFlags = OFlags::RDONLY
    .union(OFlags::DIRECTORY)
    .union(OFlags::NOFOLLOW)
    .union(OFlags::CLOEXEC);

/// An open folder. Its operations work on single entries and follow no symbolic link.
///
/// It refers to the same folder even if its path is renamed or replaced.
///
/// ```
/// use cnivpp::files::{Access, Dir, write_atomic};
///
/// # fn main() -> cnivpp::files::Result<()> {
/// # let temporary = tempfile::tempdir().unwrap();
/// # let base = temporary.path();
/// let base = Dir::open(base)?;
/// let folder = base.create_beneath("pods/box1", Access::mode(0o750))?;
/// write_atomic(&folder, "record.json", b"{}", Access::mode(0o600))?;
/// assert_eq!(folder.read("record.json", 100)?.bytes, b"{}");
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Dir {
    fd: OwnedFd,
    path: PathBuf,
    is_durable: bool,
}

impl Dir {
    /// Opens a trusted folder. Links in the path are followed except for its last component.
    ///
    /// # Errors
    /// When it is missing, is not a folder, or may not be read.
    pub fn open(path: impl AsRef<Path>) -> Result<Self> {
        // This removes a trailing '/', which would follow a link.
        let path: PathBuf = path.as_ref().components().collect();
        let fd = open(&path, FLAGS, Mode::empty()).map_err(|errno| {
            let link =
                errno == Errno::NOTDIR && path.symlink_metadata().is_ok_and(|it| it.is_symlink());
            let errno = if link { Errno::LOOP } else { errno };
            Error::system("open the folder", &path)(errno)
        })?;
        Ok(Self {
            fd,
            path,
            is_durable: false,
        })
    }

    /// Opens a trusted folder. Creates missing folders of its path.
    ///
    /// `access` applies to the created folders. Existing folders are not changed.
    ///
    /// # Errors
    /// When a part of the path is not a folder, or a system call fails.
    pub fn create(path: impl AsRef<Path>, access: impl Into<Access>) -> Result<Self> {
        let path = path.as_ref();
        match Self::open(path) {
            Err(error) if error.is_missing() => {}
            opened => return opened,
        }
        // The path of the nearest existing ancestor is trusted.
        let existing = path.ancestors().skip(1).find(|it| it.exists());
        let base = existing.filter(|it| !it.as_os_str().is_empty());
        let base = base.unwrap_or(Path::new("."));
        let rest = path.strip_prefix(base).unwrap_or(path);
        let base = base.canonicalize().map_err(|error| {
            let errno = Errno::from_io_error(&error).unwrap_or(Errno::IO);
            Error::system("open the folder", base)(errno)
        })?;
        Self::open(base)?.create_beneath(rest, access)
    }

    /// Opens a folder below this one. No component of `relative` may be a symbolic link or `..`.
    ///
    /// # Errors
    /// When the path is absolute or contains `..`, or a component is missing or not a folder.
    pub fn open_beneath(&self, relative: impl AsRef<Path>) -> Result<Self> {
        let parts = self.parts(relative.as_ref())?;
        let relative: PathBuf = parts.iter().collect();
        let path = self.path.join(&relative);
        let fd = beneath::open(self.fd.as_fd(), &parts, FLAGS);
        let fd = fd.map_err(Error::system("open the folder", &path))?;
        Ok(Self {
            fd,
            path,
            is_durable: self.is_durable,
        })
    }

    /// Opens a folder below this one. Creates missing folders.
    ///
    /// `access` applies to the created folders. Existing folders are not changed.
    ///
    /// # Errors
    /// As [`Dir::open_beneath`], and when a folder cannot be created.
    pub fn create_beneath(
        &self,
        relative: impl AsRef<Path>,
        access: impl Into<Access>,
    ) -> Result<Self> {
        let access = access.into();
        let parts = self.parts(relative.as_ref())?;
        let mut here = self.duplicate()?;
        for part in parts {
            here = here.create_child(part, access)?;
        }
        Ok(here)
    }

    fn create_child(&self, name: &str, access: Access) -> Result<Self> {
        let path = self.path.join(name);
        // Only the owner may enter before owner and permissions are set.
        let created = match mkdirat(&self.fd, name, Mode::RWXU) {
            Ok(()) => true,
            Err(Errno::EXIST) => false,
            Err(errno) => return Err(Error::system("create the folder", path)(errno)),
        };
        let fd = beneath::open(self.fd.as_fd(), &[name], FLAGS);
        let fd = fd.map_err(Error::system("open the folder", &path))?;
        if created {
            let failed = |errno| Error::system("set the owner of the folder", &path)(errno);
            // A pod that owns this folder may have replaced the new one meanwhile.
            let stat = fstat(&fd).map_err(failed)?;
            if stat.st_uid == rustix::process::geteuid().as_raw() {
                access.apply(&fd).map_err(failed)?;
            }
            self.sync()?;
        }
        Ok(Self {
            fd,
            path,
            is_durable: self.is_durable,
        })
    }

    /// Opens another handle to the same folder.
    ///
    /// # Errors
    /// When the process has too many open files.
    pub fn duplicate(&self) -> Result<Self> {
        let fd = openat(&self.fd, ".", FLAGS, Mode::empty());
        let fd = fd.map_err(Error::system("open the folder", &self.path))?;
        let path = self.path.clone();
        Ok(Self {
            fd,
            path,
            is_durable: self.is_durable,
        })
    }

    /// Sets whether changes are synced to the disk before an operation returns, so that they
    /// survive a power failure. Folders opened below this one inherit it. Default: no. Even without
    /// it, writes survive the end of the process, and files are never half-written.
    #[must_use]
    pub fn durable(self, is_durable: bool) -> Self {
        Self { is_durable, ..self }
    }

    /// Whether changes are synced to the disk before an operation returns.
    #[must_use]
    pub fn is_durable(&self) -> bool {
        self.is_durable
    }

    /// Returns the path with which the folder was opened, for messages and for VPP.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Returns the path of an entry, for messages and for VPP.
    #[must_use]
    pub fn path_of(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }

    /// Returns the metadata of the folder itself.
    ///
    /// # Errors
    /// When a system call fails.
    pub fn own_metadata(&self) -> Result<Metadata> {
        let stat = fstat(&self.fd).map_err(Error::system("get the metadata of", &self.path))?;
        Ok(Metadata::of(&stat))
    }

    /// Returns the metadata of an entry; `None` if it is missing.
    ///
    /// # Errors
    /// When the name is invalid, or a system call fails.
    pub fn metadata(&self, name: &str) -> Result<Option<Metadata>> {
        check_name(name)?;
        match statat(&self.fd, name, AtFlags::SYMLINK_NOFOLLOW) {
            Ok(stat) => Ok(Some(Metadata::of(&stat))),
            Err(Errno::NOENT) => Ok(None),
            Err(errno) => Err(Error::system("get the metadata of", self.path_of(name))(
                errno,
            )),
        }
    }

    /// Syncs the entries of a [durable](Self::durable) folder to the disk. Does nothing in others.
    ///
    /// # Errors
    /// When the disk fails (`EIO`).
    pub fn sync(&self) -> Result<()> {
        if !self.is_durable {
            return Ok(());
        }
        match fsync(&self.fd) {
            // Some file systems (FUSE, 9p) cannot sync folders.
            Ok(()) | Err(Errno::INVAL | Errno::NOTSUP) => Ok(()),
            Err(errno) => Err(Error::system("sync the folder", &self.path)(errno)),
        }
    }

    /// Returns the components of a relative path without `.`.
    fn parts<'a>(&self, relative: &'a Path) -> Result<Vec<&'a str>> {
        let invalid = |why: &str| {
            let reason = Reason::Name(why.to_owned());
            Err(Error::new("use the path", relative, reason))
        };
        let mut parts = Vec::new();
        for component in relative.components() {
            match component {
                Component::CurDir => {}
                Component::Normal(part) => match part.to_str() {
                    Some(part) => {
                        check_name(part)?;
                        parts.push(part);
                    }
                    None => return invalid("the path is not UTF-8"),
                },
                Component::ParentDir => return invalid("the path must not contain '..'"),
                Component::RootDir | Component::Prefix(_) => {
                    let base = self.path.display();
                    return invalid(&format!("the path must be relative to {base}"));
                }
            }
        }
        Ok(parts)
    }

    /// Returns the identity of an entry. Fails if it has another kind than expected.
    fn expect_kind(
        &self,
        operation: &'static str,
        name: &str,
        expected: Kind,
    ) -> Result<Option<Identity>> {
        match self.metadata(name)? {
            None => Ok(None),
            Some(it) if it.kind == expected => Ok(Some(it.identity)),
            Some(it) => {
                let found = it.kind;
                let reason = Reason::Kind { expected, found };
                Err(Error::new(operation, self.path_of(name), reason))
            }
        }
    }
}

impl AsFd for Dir {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.fd.as_fd()
    }
}

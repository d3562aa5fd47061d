use std::fmt;

use rustix::fd::AsFd;
use rustix::fs::{FileType, Gid, Mode, Stat, Uid, fchmod, fchown};
use rustix::io;
use serde::{Deserialize, Serialize};

/// Permissions and owner of a file or folder that this process creates.
///
/// ```
/// use cnivpp::files::Access;
///
/// let readable_by_group = Access::mode(0o640).group(Some(107));
/// # assert_eq!(readable_by_group.mode, 0o640);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Access {
    /// The permission bits, such as `0o600`. The umask does not change them.
    pub mode: u32,
    /// The user ID. Default: that of the process.
    pub uid: Option<u32>,
    /// The group ID. Default: that of the process.
    pub gid: Option<u32>,
}

impl Access {
    /// Creates an access with these permission bits.
    #[must_use]
    pub const fn mode(mode: u32) -> Self {
        Self {
            mode,
            uid: None,
            gid: None,
        }
    }

    /// Sets the group.
    #[must_use]
    pub const fn group(self, gid: Option<u32>) -> Self {
        Self { gid, ..self }
    }

    /// Sets the user.
    #[must_use]
    pub const fn user(self, uid: Option<u32>) -> Self {
        Self { uid, ..self }
    }

    /// Sets owner and permissions of an open file. The permissions are set last, so that they never
    /// apply to another group.
    pub(super) fn apply(self, file: impl AsFd) -> io::Result<()> {
        let (uid, gid) = (owner(self.uid)?, owner(self.gid)?);
        if uid.is_some() || gid.is_some() {
            let (uid, gid) = (uid.map(Uid::from_raw), gid.map(Gid::from_raw));
            fchown(&file, uid, gid)?;
        }
        fchmod(&file, self.bits())
    }

    pub(super) fn bits(self) -> Mode {
        Mode::from_raw_mode(self.mode & 0o7777)
    }
}

/// Rejects the ID that chown(2) interprets as "do not change".
pub(super) fn owner(id: Option<u32>) -> io::Result<Option<u32>> {
    if id == Some(u32::MAX) {
        return Err(io::Errno::INVAL);
    }
    Ok(id)
}

impl From<u32> for Access {
    fn from(mode: u32) -> Self {
        Self::mode(mode)
    }
}

/// The device and inode of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Identity {
    /// The number of the file system.
    pub device: u64,
    /// The inode number. The file system may reuse it after the file is removed.
    pub inode: u64,
}

impl Identity {
    #[allow(
        clippy::useless_conversion,
        clippy::unnecessary_cast,
        reason = "the types differ between architectures"
    )]
    pub(crate) fn of(stat: &Stat) -> Self {
        Self {
            device: stat.st_dev as u64,
            inode: stat.st_ino as u64,
        }
    }
}

impl fmt::Display for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "inode {} of device {}", self.inode, self.device)
    }
}

/// The kind of a directory entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Kind {
    /// A regular file.
    File,
    /// A directory.
    Folder,
    /// A symbolic link.
    Symlink,
    /// A socket file.
    Socket,
    /// A named pipe.
    Fifo,
    /// A block or character device, or an unknown kind.
    Other,
}

impl Kind {
    pub(crate) fn of(stat: &Stat) -> Self {
        match FileType::from_raw_mode(stat.st_mode) {
            FileType::RegularFile => Self::File,
            FileType::Directory => Self::Folder,
            FileType::Symlink => Self::Symlink,
            FileType::Socket => Self::Socket,
            FileType::Fifo => Self::Fifo,
            _ => Self::Other,
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::File => "a regular file",
            Self::Folder => "a directory",
            Self::Symlink => "a symbolic link",
            Self::Socket => "a socket",
            Self::Fifo => "a FIFO",
            Self::Other => "a device",
        })
    }
}

/// Kind, identity, owner and permissions of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Metadata {
    /// The kind.
    pub kind: Kind,
    /// The device and inode.
    pub identity: Identity,
    /// The permission bits.
    pub mode: u32,
    /// The user ID.
    pub uid: u32,
    /// The group ID.
    pub gid: u32,
    /// The modification time: seconds since 1970, nanoseconds.
    pub modified: (i64, i64),
}

impl Metadata {
    pub(super) fn of(stat: &Stat) -> Self {
        Self {
            kind: Kind::of(stat),
            identity: Identity::of(stat),
            mode: stat.st_mode & 0o7777,
            uid: stat.st_uid,
            gid: stat.st_gid,
            modified: modified(stat),
        }
    }
}

#[allow(
    clippy::unnecessary_cast,
    clippy::cast_possible_wrap,
    reason = "the types differ between architectures; nanoseconds fit"
)]
fn modified(stat: &Stat) -> (i64, i64) {
    (stat.st_mtime as i64, stat.st_mtime_nsec as i64)
}

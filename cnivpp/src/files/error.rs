use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rustix::io::Errno;
use thiserror::Error as ThisError;

use super::{Identity, Kind};

/// The result of a function of this module.
pub type Result<T> = std::result::Result<T, Error>;

/// A file operation that failed: the operation, the path, the reason.
#[derive(Debug, ThisError)]
#[error("cannot {operation} {}: {reason}", Escaped(path))]
pub struct Error {
    operation: &'static str,
    path: PathBuf,
    reason: Reason,
}

/// Why a file operation failed.
#[derive(Debug, Clone, PartialEq, Eq, ThisError)]
#[non_exhaustive]
pub enum Reason {
    /// A system call failed.
    #[error("{}", describe_errno(*.0))]
    System(Errno),
    /// The name is not valid for a directory entry.
    #[error("{0}")]
    Name(String),
    /// The entry has another kind than the operation needs.
    #[error("it is {found}, not {expected}; remove it if it is not needed")]
    Kind {
        /// The kind that the operation needs.
        expected: Kind,
        /// The kind of the entry.
        found: Kind,
    },
    /// The file is larger than the caller allows.
    #[error("it is larger than {limit} bytes")]
    TooLarge {
        /// The limit, in bytes.
        limit: usize,
    },
    /// The folder has more entries than the caller allows.
    #[error("it has more than {limit} entries")]
    TooMany {
        /// The limit.
        limit: usize,
    },
    /// The recorded file was replaced by another one.
    #[error("it was replaced by another file: {expected} was recorded, {found} was found")]
    Replaced {
        /// The identity that the caller recorded.
        expected: Identity,
        /// The identity that was found.
        found: Identity,
    },
    /// A process has the socket open.
    #[error("the socket is in use by a process")]
    InUse,
    /// The lock was not free before the deadline.
    #[error("{} after {} ms; try again later", Holder(*.holder), waited.as_millis())]
    Locked {
        /// The process that holds the lock, if it is visible.
        holder: Option<u32>,
        /// How long this process waited.
        waited: Duration,
    },
    /// `/etc/group` does not have the group.
    #[error("it has no group {0:?}; use the group ID or the name of an existing group")]
    NoGroup(String),
}

impl Error {
    pub(crate) fn new(operation: &'static str, path: impl Into<PathBuf>, reason: Reason) -> Self {
        Self {
            operation,
            path: path.into(),
            reason,
        }
    }

    /// Creates an error for a failed system call, for use in `map_err`.
    pub(crate) fn system(
        operation: &'static str,
        path: impl Into<PathBuf>,
    ) -> impl FnOnce(Errno) -> Self {
        move |errno| Self::new(operation, path, Reason::System(errno))
    }

    /// Returns the operation, such as `write`.
    #[must_use]
    pub fn operation(&self) -> &'static str {
        self.operation
    }

    /// Returns the path of the file or folder.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Returns the reason.
    #[must_use]
    pub fn reason(&self) -> &Reason {
        &self.reason
    }

    /// Returns the error number, if a system call failed.
    #[must_use]
    pub fn errno(&self) -> Option<Errno> {
        match self.reason {
            Reason::System(errno) => Some(errno),
            _ => None,
        }
    }

    /// Whether the file or one of its folders is missing.
    #[must_use]
    pub fn is_missing(&self) -> bool {
        self.errno() == Some(Errno::NOENT)
    }

    /// Whether an entry of another kind is in the way, such as a symbolic link instead of a folder.
    /// A pod can create one in a folder that it may write to.
    #[must_use]
    pub fn is_obstacle(&self) -> bool {
        let of_errno = matches!(self.errno(), Some(Errno::LOOP | Errno::NOTDIR));
        of_errno || matches!(self.reason, Reason::Kind { .. })
    }

    /// Whether another process holds the lock (CNI code 11: try again later).
    #[must_use]
    pub fn is_locked(&self) -> bool {
        matches!(self.reason, Reason::Locked { .. })
    }
}

/// Prints a path with control characters escaped, because a pod chooses the names of its files.
struct Escaped<'a>(&'a Path);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.to_string_lossy().escape_debug().fmt(f)
    }
}

struct Holder(Option<u32>);

impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(pid) => write!(f, "process {pid} still holds the lock"),
            None => f.write_str("another process still holds the lock"),
        }
    }
}

/// Returns name and meaning of a system error, such as `ENOSPC: no space left on device`.
///
/// Multus drops its cache after a failed DEL if the error contains the usual text of `ENOENT`.
/// That text is therefore replaced by "the file is missing".
#[must_use]
pub fn describe_errno(errno: Errno) -> String {
    use nix::errno::Errno as Named;
    let raw = errno.raw_os_error();
    let meaning = match Named::from_raw(raw) {
        Named::UnknownErrno => return format!("errno {raw}"),
        Named::ENOENT => "the file is missing".to_owned(),
        Named::ELOOP => "a symbolic link is not allowed here".to_owned(),
        named => decapitalize(named.desc()),
    };
    format!("{:?}: {meaning}", Named::from_raw(raw))
}

/// Changes `No space left on device` to `no space left on device`. `I/O error` stays.
fn decapitalize(text: &str) -> String {
    let mut chars = text.chars();
    match (chars.next(), chars.clone().next()) {
        (Some(first), Some(second)) if second.is_lowercase() => {
            first.to_lowercase().chain(chars).collect()
        }
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_are_named() {
        let text = describe_errno(Errno::NOSPC);
        assert_eq!(text, "ENOSPC: no space left on device");
        assert_eq!(describe_errno(Errno::IO), "EIO: I/O error");
        assert_eq!(describe_errno(Errno::from_raw_os_error(4000)), "errno 4000");
    }

    #[test]
    fn no_error_has_the_text_that_makes_multus_drop_its_cache() {
        for raw in 1..200 {
            let text = describe_errno(Errno::from_raw_os_error(raw)).to_lowercase();
            assert!(!text.contains("no such file or directory"), "{text}");
        }
    }
}

use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rustix::io::Errno;
use thiserror::Error as ThisError;

use super::{Identity, Kind, describe_errno};

/// What a function of this module returns.
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
    /// The system refused.
    #[error("{}", describe_errno(*.0))]
    System(Errno),
    /// The name cannot be that of an entry of a folder.
    #[error("{0}")]
    Name(String),
    /// The entry is of another kind than the operation needs.
    #[error("it is {found}, not {expected}; remove it if it is not needed")]
    Kind {
        /// What the operation needs.
        expected: Kind,
        /// What was found.
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
    /// Another file has taken the name since the identity was recorded.
    #[error("it is {found}, and {expected} was recorded; another file has taken the name")]
    Replaced {
        /// The identity that the caller recorded.
        expected: Identity,
        /// The identity of what has the name now.
        found: Identity,
    },
    /// A process has the socket open.
    #[error("a process still uses the socket")]
    InUse,
    /// The lock was not released before the deadline.
    #[error("{} after {} ms; try again later", Holder(*.holder), waited.as_millis())]
    Locked {
        /// The process that has the lock, if this one can see it.
        holder: Option<u32>,
        /// How long this process has waited.
        waited: Duration,
    },
    /// A group that `/etc/group` does not have.
    #[error("it has no group {0:?}; use the number of the group, or a name that it has")]
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

    /// For `map_err`: the system refused `operation`.
    pub(crate) fn system(
        operation: &'static str,
        path: impl Into<PathBuf>,
    ) -> impl FnOnce(Errno) -> Self {
        move |errno| Self::new(operation, path, Reason::System(errno))
    }

    /// What was to be done, such as `write`.
    #[must_use]
    pub fn operation(&self) -> &'static str {
        self.operation
    }

    /// The file or folder.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Why it failed.
    #[must_use]
    pub fn reason(&self) -> &Reason {
        &self.reason
    }

    /// The system's error number, if the system refused.
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

    /// Whether something of another kind is in the way, such as a link in the place of a
    /// folder. A pod can do that in a folder that it may write into.
    #[must_use]
    pub fn is_obstacle(&self) -> bool {
        let of_errno = matches!(self.errno(), Some(Errno::LOOP | Errno::NOTDIR));
        of_errno || matches!(self.reason, Reason::Kind { .. })
    }

    /// Whether another process has the lock. CNI code 11 (try again later) fits.
    #[must_use]
    pub fn is_locked(&self) -> bool {
        matches!(self.reason, Reason::Locked { .. })
    }
}

/// A path without control characters: a pod chooses the names of its files.
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
            Some(pid) => write!(f, "process {pid} still has the lock"),
            None => f.write_str("another process still has the lock"),
        }
    }
}

use thiserror::Error as ThisError;

use crate::files;

/// The result of a function of this module.
pub type Result<T> = std::result::Result<T, Error>;

/// Why an operation on a record failed.
#[derive(Debug, ThisError)]
#[non_exhaustive]
pub enum Error {
    /// Another process has created, changed or deleted the record since it was read.
    #[error("cannot {operation} record {key:?}: another process has {}; read it again", change(*exists))]
    Conflict {
        /// The operation.
        operation: &'static str,
        /// The record's key.
        key: String,
        /// Whether the record exists now.
        exists: bool,
    },
    /// The store cannot have such a key.
    #[error("record key {key:?} is not valid: {why}")]
    Key {
        /// The key.
        key: String,
        /// The reason.
        why: String,
    },
    /// The value is too large.
    #[error("record {key:?} has {length} bytes, at most {limit} are allowed")]
    TooLarge {
        /// The record's key.
        key: String,
        /// The length of the value, in bytes.
        length: usize,
        /// The limit, in bytes.
        limit: usize,
    },
    /// The value cannot be written as JSON.
    #[error("cannot write record {key:?} as JSON: {source}")]
    Json {
        /// The record's key.
        key: String,
        /// The reason.
        source: serde_json::Error,
    },
    /// A file operation failed.
    #[error(transparent)]
    File(#[from] files::Error),
    /// Another kind of store failed.
    #[error("the store failed: {0}")]
    Store(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl Error {
    pub(super) fn conflict(operation: &'static str, key: &str, exists: bool) -> Self {
        let key = key.to_owned();
        Self::Conflict {
            operation,
            key,
            exists,
        }
    }

    /// Whether another process has changed the record since it was read.
    #[must_use]
    pub fn is_conflict(&self) -> bool {
        matches!(self, Self::Conflict { .. })
    }

    /// Whether another process has locked the store (CNI code 11: try again later).
    #[must_use]
    pub fn is_locked(&self) -> bool {
        matches!(self, Self::File(error) if error.is_locked())
    }
}

fn change(exists: bool) -> &'static str {
    if exists {
        "created or changed it"
    } else {
        "deleted it"
    }
}

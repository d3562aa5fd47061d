use std::path::PathBuf;

/// The result of an operation on a pod object.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// An operation on a pod object failed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The kubeconfig is missing or invalid.
    #[error("the kubeconfig {} cannot be used: {why}", path.display())]
    Kubeconfig {
        /// The file.
        path: PathBuf,
        /// The reason.
        why: String,
    },
    /// The service account's files are missing or invalid.
    #[error("the credentials of the service account cannot be used: {0}")]
    ServiceAccount(String),
    /// The API server cannot be reached, or closed the connection.
    #[error("cannot {operation}: {why}")]
    Unreachable {
        /// What was requested.
        operation: String,
        /// The reason.
        why: String,
    },
    /// The API server did not answer before the deadline.
    #[error("cannot {0}: the API server did not answer in time")]
    Timeout(String),
    /// The API server refused the request.
    #[error("cannot {operation}: the API server answered {code}: {message}")]
    Refused {
        /// What was requested.
        operation: String,
        /// The HTTP status.
        code: u16,
        /// The API server's message.
        message: String,
    },
    /// Other clients changed the pod during each attempt.
    #[error("cannot {operation}: other clients changed the pod {attempts} times meanwhile")]
    Conflict {
        /// What was requested.
        operation: String,
        /// The attempts.
        attempts: u32,
    },
    /// The pod was deleted, and another one has its name.
    #[error("pod {pod} has UID {found} instead of {expected}: it was replaced by another pod")]
    Replaced {
        /// Namespace and name.
        pod: String,
        /// The UID that the runtime passed.
        expected: String,
        /// The UID of the object.
        found: String,
    },
    /// The pod object has a value that cannot be used.
    #[error("pod {pod}: {why}")]
    Pod {
        /// Namespace and name.
        pod: String,
        /// The reason.
        why: String,
    },
}

impl Error {
    /// The HTTP status, if the API server refused the request.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        match self {
            Self::Refused { code, .. } => Some(*code),
            _ => None,
        }
    }
}

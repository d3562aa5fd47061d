use std::error::Error as StdError;
use std::io;

use thiserror::Error as ThisError;
use vpp_bindings::client::ErrorKind;

use crate::{api, files};

/// The result of the functions in this module.
pub type Result<T> = std::result::Result<T, Error>;

/// A step that was not done.
#[derive(Debug, ThisError)]
#[non_exhaustive]
pub enum Error {
    /// A request to VPP was not sent, or failed.
    #[error(transparent)]
    Vpp(#[from] api::Error),
    /// A file operation failed.
    #[error(transparent)]
    File(#[from] files::Error),
    /// An object is missing, or exists and cannot be replaced.
    #[error("{what}")]
    Conflict {
        /// The problem, and what to do about it.
        what: String,
    },
    /// The deadline of the walk has passed.
    #[error("no time is left to {operation}")]
    Deadline {
        /// The next operation.
        operation: String,
    },
}

impl Error {
    /// Whether it is certain that the step has changed nothing.
    #[must_use]
    pub fn is_known_not_applied(&self) -> bool {
        match self {
            Self::Vpp(error) => error.is_known_not_applied(),
            Self::File(_) | Self::Conflict { .. } | Self::Deadline { .. } => true,
        }
    }

    /// The failed request to VPP, if that is the cause.
    #[must_use]
    pub fn vpp(&self) -> Option<&api::Error> {
        match self {
            Self::Vpp(error) => Some(error),
            _ => None,
        }
    }
}

/// Formats an error and its causes in one line, without repetitions.
pub fn chain(error: &dyn StdError) -> String {
    let mut text = error.to_string();
    let mut below = error.source();
    while let Some(error) = below {
        let more = error.to_string();
        if !text.contains(&more) {
            text.push_str(": ");
            text.push_str(&more);
        }
        below = error.source();
    }
    text
}

/// Whether VPP has exited: connecting failed because nothing listens on its socket.
#[must_use]
pub fn has_exited(error: &api::Error) -> bool {
    let io = error
        .request()
        .filter(|it| it.kind() == ErrorKind::Connect)
        .and_then(|it| it.source()?.downcast_ref::<io::Error>());
    io.is_some_and(|it| {
        let kind = it.kind();
        kind == io::ErrorKind::ConnectionRefused || kind == io::ErrorKind::NotFound
    })
}

use std::error::Error as StdError;
use std::io;

use thiserror::Error as ThisError;
use vpp_bindings::client::ErrorKind;

use crate::{api, files};

/// What a function of this module returns.
pub type Result<T> = std::result::Result<T, Error>;

/// Why a step was not done.
#[derive(Debug, ThisError)]
#[non_exhaustive]
pub enum Error {
    /// A request to VPP was not made, or failed.
    #[error(transparent)]
    Vpp(#[from] api::Error),
    /// A file operation failed.
    #[error(transparent)]
    File(#[from] files::Error),
    /// VPP or a file has something that this step cannot replace.
    #[error("{what}")]
    Conflict {
        /// What is in the way, and what to do about it.
        what: String,
    },
    /// The time for the whole walk is over.
    #[error("no time is left to {operation}")]
    Deadline {
        /// What was to be done next.
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

    /// The failed request to VPP, if that is the reason.
    #[must_use]
    pub fn vpp(&self) -> Option<&api::Error> {
        match self {
            Self::Vpp(error) => Some(error),
            _ => None,
        }
    }
}

/// An error and its causes in one line, each of them once.
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

/// Whether VPP has exited: connecting failed since nothing listens on its socket.
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

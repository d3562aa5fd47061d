use thiserror::Error as ThisError;
use vpp_bindings::client::{self, Effect};
use vpp_bindings::wire::VppError;

use super::InterfaceIndex;

/// What a function of this module returns.
pub type Result<T> = std::result::Result<T, Error>;

/// Why an operation was not requested, or why VPP did not carry it out.
#[derive(Debug, ThisError)]
#[non_exhaustive]
pub enum Error {
    /// Nothing was sent: VPP would refuse the request or crash on it.
    #[error("cannot {operation}: {why}")]
    Invalid {
        /// What was to be done.
        operation: &'static str,
        /// What is wrong with it.
        why: String,
    },
    /// The object exists already and belongs to somebody else.
    #[error("cannot {operation}: interface {} has it already", sw_if_index.0)]
    Exists {
        /// What was to be done.
        operation: &'static str,
        /// The interface that is in the way. It is not the caller's.
        sw_if_index: InterfaceIndex,
        /// VPP's refusal.
        source: client::Error,
    },
    /// VPP refused the request, could not be reached, or did not answer in a usable way.
    #[error("cannot {operation}")]
    Request {
        /// What was to be done.
        operation: &'static str,
        /// The refusal with the message's name, VPP's symbol, number and meaning, or what
        /// else went wrong.
        source: client::Error,
    },
}

impl Error {
    pub(crate) fn invalid(operation: &'static str, why: impl Into<String>) -> Self {
        let why = why.into();
        Self::Invalid { operation, why }
    }

    /// For `map_err`: a request failed during `operation`.
    pub(crate) fn during(operation: &'static str) -> impl FnOnce(client::Error) -> Self {
        move |source| Self::Request { operation, source }
    }

    /// The error of the request, if one was made.
    #[must_use]
    pub fn request(&self) -> Option<&client::Error> {
        match self {
            Self::Invalid { .. } => None,
            Self::Exists { source, .. } | Self::Request { source, .. } => Some(source),
        }
    }

    /// VPP's number, if VPP refused.
    #[must_use]
    pub fn vpp_error(&self) -> Option<VppError> {
        self.request().and_then(client::Error::vpp_error)
    }

    /// Whether it is certain that VPP has not carried out the request: it was not sent, or VPP
    /// refused it. Otherwise, for example after a timeout, VPP may have.
    #[must_use]
    pub fn is_known_not_applied(&self) -> bool {
        self.request()
            .is_none_or(|error| error.effect() != Effect::Unknown)
    }
}

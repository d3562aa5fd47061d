use thiserror::Error as ThisError;
use vpp_bindings::client::{self, Effect};
use vpp_bindings::wire::VppError;

use super::InterfaceIndex;

/// The result of the functions in this module.
pub type Result<T> = std::result::Result<T, Error>;

/// An operation that was not requested, or that VPP did not carry out.
#[derive(Debug, ThisError)]
#[non_exhaustive]
pub enum Error {
    /// Nothing was sent: VPP would refuse the request or crash on it.
    #[error("cannot {operation}: {why}")]
    Invalid {
        /// The operation, such as `create the memif`.
        operation: &'static str,
        /// What is wrong with the arguments.
        why: String,
    },
    /// The object exists and belongs to another owner.
    #[error("cannot {operation}: interface {} already has it", sw_if_index.0)]
    Exists {
        /// The operation, such as `create the memif`.
        operation: &'static str,
        /// The existing interface. It is not the caller's.
        sw_if_index: InterfaceIndex,
        /// VPP's refusal.
        source: client::Error,
    },
    /// VPP refused the request, could not be reached, or did not answer in a usable way.
    #[error("cannot {operation}")]
    Request {
        /// The operation, such as `create the memif`.
        operation: &'static str,
        /// VPP's refusal, with the message's name and VPP's symbol and number, or the cause of
        /// another failure.
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

    /// The error of the request, if one was sent.
    #[must_use]
    pub fn request(&self) -> Option<&client::Error> {
        match self {
            Self::Invalid { .. } => None,
            Self::Exists { source, .. } | Self::Request { source, .. } => Some(source),
        }
    }

    /// VPP's error, if VPP refused.
    #[must_use]
    pub fn vpp_error(&self) -> Option<VppError> {
        self.request().and_then(client::Error::vpp_error)
    }

    /// Whether it is certain that VPP has not carried out the request: it was not sent, or VPP
    /// refused it. It is not certain after a timeout, for example.
    #[must_use]
    pub fn is_known_not_applied(&self) -> bool {
        self.request()
            .is_none_or(|error| error.effect() != Effect::Unknown)
    }
}

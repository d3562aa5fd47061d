use std::error::Error as StdError;
use std::fmt;

use vpp_bindings::client;
use vpp_bindings::wire::VppError;

use super::InterfaceIndex;

/// What a function of this module returns.
pub type Result<T> = std::result::Result<T, Error>;

/// Why VPP was not asked, or did not do as asked.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// Nothing was sent: VPP would refuse this, or would not survive it.
    Invalid {
        /// What was to be done.
        doing: &'static str,
        /// What is wrong with it.
        why: String,
    },
    /// The object is there already and belongs to somebody else.
    Exists {
        /// What was to be done.
        doing: &'static str,
        /// The interface that is in the way. It is not the caller's.
        sw_if_index: InterfaceIndex,
        /// VPP's refusal.
        source: client::Error,
    },
    /// VPP refused, was not reached, or gave no answer that can be used.
    Request {
        /// What was to be done.
        doing: &'static str,
        /// The refusal with the message's name, VPP's symbol, number and meaning, or what
        /// went wrong on the way.
        source: client::Error,
    },
}

impl Error {
    pub(crate) fn invalid(doing: &'static str, why: impl Into<String>) -> Self {
        let why = why.into();
        Self::Invalid { doing, why }
    }

    /// For `map_err`: a failed request in the course of `doing`.
    pub(crate) fn when(doing: &'static str) -> impl FnOnce(client::Error) -> Self {
        move |source| Self::Request { doing, source }
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

    /// Whether VPP has surely not carried the request out: it refused, or was never asked.
    ///
    /// Otherwise, after a timeout or a lost connection say, it may have.
    #[must_use]
    pub fn is_not_done(&self) -> bool {
        self.request().is_none_or(|error| {
            error.is_api()
                || error.is_connect()
                || error.is_message_unknown()
                || error.is_crc_mismatch()
                || error.is_refused()
                || error.is_encode()
        })
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Invalid { doing, why } => write!(f, "cannot {doing}: {why}"),
            Self::Exists {
                doing, sw_if_index, ..
            } => write!(
                f,
                "cannot {doing}: interface {} has it already",
                sw_if_index.0
            ),
            Self::Request { doing, .. } => write!(f, "cannot {doing}"),
        }
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.request().map(|error| error as _)
    }
}

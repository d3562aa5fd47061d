use std::any::Any;
use std::io;
use std::path::PathBuf;
use std::time::Duration;

use thiserror::Error as ThisError;
use vpp_wire::frame::FrameError;
use vpp_wire::{DecodeError, EncodeError, VppError};

use super::{Effect, Error, ErrorKind};

/// The error itself: one variant per text. [`ErrorKind`] groups the variants.
#[derive(Debug, ThisError)]
pub(crate) enum Repr {
    #[error("the client's name is invalid")]
    Name(#[source] vpp_wire::InvalidString),
    #[error("the path {path:?} is not UTF-8, which vpp-api-transport requires")]
    #[cfg_attr(not(feature = "vpp-api-transport"), expect(dead_code))]
    Path { path: PathBuf },
    #[error("cannot connect to VPP at {}: {hint}", path.display())]
    Connect {
        path: PathBuf,
        hint: &'static str,
        source: io::Error,
    },
    #[error("handshake with VPP failed: {what}")]
    Handshake { what: String },
    #[error("handshake with VPP failed: {what}")]
    HandshakeIo {
        what: &'static str,
        source: io::Error,
    },
    #[error("handshake with VPP failed: the answer is not a valid frame")]
    HandshakeFrame(#[source] FrameError),
    #[error("handshake with VPP failed: the answer cannot be decoded")]
    HandshakeReply(#[source] DecodeError),
    #[error(
        "handshake with VPP failed: no answer within {after:?}; the listener is busy or is not VPP"
    )]
    HandshakeTimeout { after: Duration },
    #[error("cannot connect to VPP at {}: its listen queue stayed full for {after:?}", path.display())]
    Backlog { path: PathBuf, after: Duration },
    #[error("connection to VPP lost: {what}")]
    Io {
        what: &'static str,
        source: io::Error,
    },
    #[error("connection to VPP closed: received an invalid frame")]
    Frame(#[source] FrameError),
    #[error("connection to VPP lost: no answer to {pings} health checks")]
    Health { pings: u32 },
    #[error("not connected to VPP: {what}")]
    Closed { what: &'static str },
    #[error("{message}: not connected to VPP")]
    Disconnected {
        message: &'static str,
        effect: Effect,
        source: Option<Error>,
    },
    #[error("{message}: no answer from VPP within {after:?}")]
    Timeout {
        message: &'static str,
        after: Duration,
        effect: Effect,
    },
    #[error("{message}: VPP answered {error}")]
    Api {
        message: &'static str,
        error: VppError,
        /// `None` if the rest of the reply cannot be decoded.
        reply: Option<Box<dyn AnyReply>>,
    },
    #[error("this VPP does not have {message}")]
    Unknown { message: &'static str },
    #[error(
        "{message} differs: this program has CRC {ours:08x}, VPP{} has {theirs:08x}; \
         generate the bindings from this VPP's API files",
        Version(version)
    )]
    Crc {
        message: &'static str,
        ours: u32,
        theirs: u32,
        version: Option<String>,
    },
    #[error("{message} cannot be sent over a socket: {why}")]
    Forbidden {
        message: &'static str,
        why: &'static str,
    },
    #[error("the message cannot be encoded")]
    Encode(#[source] EncodeError),
    #[error("the answer cannot be decoded")]
    Decode(#[source] DecodeError),
    #[error("{message}: {what} reached the limit of {limit}")]
    Limit {
        message: &'static str,
        what: &'static str,
        limit: usize,
        effect: Effect,
    },
    #[error("{message}: VPP answered with {found}, expected {expected}")]
    Unexpected {
        message: &'static str,
        expected: String,
        found: String,
    },
    #[error("{message}: this process was forked from the one that connected; connect again")]
    Forked { message: &'static str },
    #[error("{message}: the result was already returned")]
    Finished { message: &'static str },
}

/// A reply of any type, which the caller can downcast.
pub(crate) trait AnyReply: Any + Send + Sync {
    fn as_any(&self) -> &dyn Any;
}

impl<T: Any + Send + Sync> AnyReply for T {
    fn as_any(&self) -> &dyn Any {
        self
    }
}

impl std::fmt::Debug for dyn AnyReply {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("reply")
    }
}

/// Prints a space and VPP's version, if it is known.
struct Version<'a>(&'a Option<String>);

impl std::fmt::Display for Version<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.0 {
            Some(version) => write!(f, " {version}"),
            None => Ok(()),
        }
    }
}

impl Repr {
    pub(crate) fn kind(&self) -> ErrorKind {
        match self {
            Self::Name(_) | Self::Path { .. } => ErrorKind::Config,
            Self::Connect { .. }
            | Self::Backlog { .. }
            | Self::Handshake { .. }
            | Self::HandshakeIo { .. }
            | Self::HandshakeFrame(_)
            | Self::HandshakeReply(_) => ErrorKind::Connect,
            Self::Io { .. }
            | Self::Frame(_)
            | Self::Health { .. }
            | Self::Closed { .. }
            | Self::Disconnected { .. } => ErrorKind::Disconnected,
            Self::HandshakeTimeout { .. } | Self::Timeout { .. } => ErrorKind::Timeout,
            Self::Api { .. } => ErrorKind::Api,
            Self::Unknown { .. } => ErrorKind::MessageUnknown,
            Self::Crc { .. } => ErrorKind::CrcMismatch,
            Self::Forbidden { .. } => ErrorKind::Forbidden,
            Self::Encode(_) => ErrorKind::Encode,
            Self::Decode(_) => ErrorKind::Decode,
            Self::Limit { .. } => ErrorKind::Limit,
            Self::Unexpected { .. } => ErrorKind::UnexpectedMessage,
            Self::Forked { .. } => ErrorKind::Forked,
            Self::Finished { .. } => ErrorKind::Finished,
        }
    }

    pub(crate) fn effect(&self) -> Effect {
        match self {
            Self::Disconnected { effect, .. }
            | Self::Timeout { effect, .. }
            | Self::Limit { effect, .. } => *effect,
            Self::Api { .. } => Effect::Refused,
            // The connection ended. VPP may have carried out the requests in flight.
            Self::Io { .. }
            | Self::Frame(_)
            | Self::Health { .. }
            | Self::Decode(_)
            | Self::Unexpected { .. }
            | Self::Finished { .. } => Effect::Unknown,
            Self::Name(_)
            | Self::Path { .. }
            | Self::Connect { .. }
            | Self::Backlog { .. }
            | Self::Handshake { .. }
            | Self::HandshakeIo { .. }
            | Self::HandshakeFrame(_)
            | Self::HandshakeReply(_)
            | Self::HandshakeTimeout { .. }
            | Self::Closed { .. }
            | Self::Unknown { .. }
            | Self::Crc { .. }
            | Self::Forbidden { .. }
            | Self::Encode(_)
            | Self::Forked { .. } => Effect::NotSent,
        }
    }
}

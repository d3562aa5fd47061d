use std::any::Any;
use std::error::Error as StdError;
use std::fmt;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use vpp_wire::{DecodeError, EncodeError, Reply, VppError};

/// What went wrong between this program and VPP.
///
/// Ask with the predicates; the text names the message and says what to do where
/// something can be done, and [`source`](StdError::source) holds what lies below.
pub struct Error(Arc<Inner>);

struct Inner {
    kind: Kind,
    source: Option<Source>,
}

type Source = Box<dyn StdError + Send + Sync>;

enum Kind {
    Connect {
        path: PathBuf,
        hint: &'static str,
    },
    Handshake(String),
    Io(&'static str),
    Frame,
    Closed(&'static str),
    Disconnected {
        message: &'static str,
    },
    Timeout {
        message: &'static str,
        after: Duration,
    },
    Api {
        message: &'static str,
        error: VppError,
        reply: Box<dyn Any + Send + Sync>,
    },
    Unknown {
        message: String,
    },
    Crc {
        message: String,
        ours: u32,
        theirs: u32,
        version: Option<String>,
    },
    Refused {
        message: &'static str,
        why: &'static str,
    },
    Encode,
    Decode,
    Overflow {
        message: &'static str,
        what: &'static str,
        limit: usize,
    },
    Unexpected {
        message: &'static str,
        expected: String,
        found: String,
    },
}

impl Error {
    fn new(kind: Kind) -> Self {
        Self(Arc::new(Inner { kind, source: None }))
    }

    fn because(kind: Kind, source: impl Into<Source>) -> Self {
        let source = Some(source.into());
        Self(Arc::new(Inner { kind, source }))
    }

    #[cold]
    pub(crate) fn connect(path: PathBuf, error: io::Error) -> Self {
        let hint = match error.kind() {
            io::ErrorKind::NotFound => {
                "there is no socket: is VPP running, and is this its api.sock? \
                 VPP_API_SOCKET or Builder::socket name another"
            }
            io::ErrorKind::ConnectionRefused => {
                "nobody listens there: the socket file is left over from a VPP that has ended"
            }
            io::ErrorKind::PermissionDenied => {
                "permission denied: run as root or as a member of the socket's group"
            }
            _ => "the socket cannot be opened",
        };
        Self::because(Kind::Connect { path, hint }, error)
    }

    #[cold]
    pub(crate) fn handshake(what: impl Into<String>) -> Self {
        Self::new(Kind::Handshake(what.into()))
    }

    #[cold]
    pub(crate) fn handshake_because(what: &str, source: impl Into<Source>) -> Self {
        Self::because(Kind::Handshake(what.to_owned()), source)
    }

    #[cold]
    pub(crate) fn io(what: &'static str, error: io::Error) -> Self {
        Self::because(Kind::Io(what), error)
    }

    #[cold]
    pub(crate) fn frame(error: vpp_wire::frame::FrameError) -> Self {
        Self::because(Kind::Frame, error)
    }

    #[cold]
    pub(crate) fn closed(what: &'static str) -> Self {
        Self::new(Kind::Closed(what))
    }

    #[cold]
    pub(crate) fn disconnected(message: &'static str, cause: Option<&Self>) -> Self {
        let kind = Kind::Disconnected { message };
        match cause {
            Some(cause) => Self::because(kind, cause.share()),
            None => Self::new(kind),
        }
    }

    /// The same error once more, for everything that waited on one connection.
    pub(crate) fn share(&self) -> Self {
        Self(Arc::clone(&self.0))
    }

    #[cold]
    pub(crate) fn timeout(message: &'static str, after: Duration) -> Self {
        Self::new(Kind::Timeout { message, after })
    }

    #[cold]
    pub(crate) fn api<R: Reply>(message: &'static str, reply: R) -> Self {
        let error = VppError(reply.retval());
        let reply = Box::new(reply);
        Self::new(Kind::Api {
            message,
            error,
            reply,
        })
    }

    #[cold]
    pub(crate) fn unknown(message: &str) -> Self {
        Self::new(Kind::Unknown {
            message: message.to_owned(),
        })
    }

    #[cold]
    pub(crate) fn crc(message: &str, ours: u32, theirs: u32) -> Self {
        let message = message.to_owned();
        Self::new(Kind::Crc {
            message,
            ours,
            theirs,
            version: None,
        })
    }

    #[cold]
    pub(crate) fn refused(message: &'static str, why: &'static str) -> Self {
        Self::new(Kind::Refused { message, why })
    }

    #[cold]
    pub(crate) fn overflow(message: &'static str, what: &'static str, limit: usize) -> Self {
        Self::new(Kind::Overflow {
            message,
            what,
            limit,
        })
    }

    #[cold]
    pub(crate) fn unexpected(message: &'static str, expected: String, found: String) -> Self {
        Self::new(Kind::Unexpected {
            message,
            expected,
            found,
        })
    }

    pub(crate) fn set_version(&mut self, vpp: &str) {
        // The error was just made, and nobody shares it.
        if let Some(Inner {
            kind: Kind::Crc { version, .. },
            ..
        }) = Arc::get_mut(&mut self.0)
        {
            *version = Some(vpp.to_owned());
        }
    }

    /// Whether there is no connection: VPP could not be reached, went away, or the
    /// client was disconnected. A call that fails so may have been carried out.
    #[must_use]
    pub fn is_disconnected(&self) -> bool {
        use Kind::{Closed, Connect, Disconnected, Frame, Io};
        matches!(
            self.0.kind,
            Connect { .. } | Io(_) | Frame | Closed(_) | Disconnected { .. }
        )
    }

    /// Whether VPP could not be reached at all: the error of a connect.
    #[must_use]
    pub fn is_connect(&self) -> bool {
        matches!(self.0.kind, Kind::Connect { .. } | Kind::Handshake(_))
    }

    /// Whether the answer did not come in time. The call may have been carried out.
    #[must_use]
    pub fn is_timeout(&self) -> bool {
        matches!(self.0.kind, Kind::Timeout { .. })
    }

    /// Whether VPP answered with a nonzero retval.
    #[must_use]
    pub fn is_api(&self) -> bool {
        self.vpp_error().is_some()
    }

    /// VPP's number, if VPP answered with one.
    #[must_use]
    pub fn vpp_error(&self) -> Option<VppError> {
        match &self.0.kind {
            Kind::Api { error, .. } => Some(*error),
            _ => None,
        }
    }

    /// The whole reply that carried [`vpp_error`](Self::vpp_error), if it is an `R`.
    #[must_use]
    pub fn reply<R: Reply>(&self) -> Option<&R> {
        match &self.0.kind {
            Kind::Api { reply, .. } => reply.downcast_ref(),
            _ => None,
        }
    }

    /// Whether this VPP has no message of that name.
    #[must_use]
    pub fn is_message_unknown(&self) -> bool {
        matches!(self.0.kind, Kind::Unknown { .. })
    }

    /// Whether this VPP has the message with another CRC, which is another layout.
    #[must_use]
    pub fn is_crc_mismatch(&self) -> bool {
        matches!(self.0.kind, Kind::Crc { .. })
    }

    /// Whether the message was never sent because VPP would not survive it.
    #[must_use]
    pub fn is_refused(&self) -> bool {
        matches!(self.0.kind, Kind::Refused { .. })
    }

    /// Whether a value did not fit its field or its frame; nothing was sent.
    #[must_use]
    pub fn is_encode(&self) -> bool {
        matches!(self.0.kind, Kind::Encode)
    }

    /// Whether an answer was not what its message says.
    #[must_use]
    pub fn is_decode(&self) -> bool {
        matches!(self.0.kind, Kind::Decode)
    }

    /// Whether a limit of this client was reached: the bytes of a dump, the calls in flight.
    #[must_use]
    pub fn is_overflow(&self) -> bool {
        matches!(self.0.kind, Kind::Overflow { .. })
    }

    /// Whether a call was answered with a message that is no answer to it.
    #[must_use]
    pub fn is_unexpected_message(&self) -> bool {
        matches!(self.0.kind, Kind::Unexpected { .. })
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0.kind {
            Kind::Connect { path, hint } => {
                write!(f, "cannot connect to VPP at {}: {hint}", path.display())
            }
            Kind::Handshake(what) => write!(f, "handshake with VPP failed: {what}"),
            Kind::Io(what) => write!(f, "connection to VPP lost: {what}"),
            Kind::Frame => write!(f, "connection to VPP ended: a frame cannot be read"),
            Kind::Closed(what) => write!(f, "not connected to VPP: {what}"),
            Kind::Disconnected { message } => write!(f, "{message}: not connected to VPP"),
            Kind::Timeout { message, after } => {
                write!(f, "{message}: no answer from VPP within {after:?}")
            }
            Kind::Api { message, error, .. } => write!(f, "{message}: VPP answered {error}"),
            Kind::Unknown { message } => write!(f, "this VPP does not have {message}"),
            Kind::Crc {
                message,
                ours,
                theirs,
                version,
            } => {
                write!(
                    f,
                    "{message} differs: this program has CRC {ours:08x}, VPP{}{} has {theirs:08x}; \
                     generate the bindings from this VPP's API files",
                    if version.is_some() { " " } else { "" },
                    version.as_deref().unwrap_or_default(),
                )
            }
            Kind::Refused { message, why } => write!(f, "{message} is never sent: {why}"),
            Kind::Encode => write!(f, "the message cannot be sent"),
            Kind::Decode => write!(f, "the answer cannot be read"),
            Kind::Overflow {
                message,
                what,
                limit,
            } => {
                write!(f, "{message}: {what} reached the limit of {limit}")
            }
            Kind::Unexpected {
                message,
                expected,
                found,
            } => {
                write!(
                    f,
                    "{message}: VPP answered with {found}, expected {expected}"
                )
            }
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = f.debug_tuple("Error");
        out.field(&format_args!("{self}"));
        if let Some(source) = &self.0.source {
            out.field(source);
        }
        out.finish()
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        let source = self.0.source.as_ref()?;
        Some(&**source)
    }
}

impl From<EncodeError> for Error {
    #[cold]
    fn from(error: EncodeError) -> Self {
        Self::because(Kind::Encode, error)
    }
}

impl From<DecodeError> for Error {
    #[cold]
    fn from(error: DecodeError) -> Self {
        Self::because(Kind::Decode, error)
    }
}

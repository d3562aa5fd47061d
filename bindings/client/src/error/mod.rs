//! The error of this crate: an opaque type with a kind and an effect.

mod kind;
mod repr;

use std::fmt;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use thiserror::Error as ThisError;
use vpp_wire::frame::FrameError;
use vpp_wire::{DecodeError, EncodeError, Reply, VppError};

pub use kind::{Effect, ErrorKind};
use repr::Repr;

/// The error of every operation in this crate.
///
/// [`kind`](Self::kind) returns what went wrong, and [`effect`](Self::effect) whether VPP may
/// have carried out the request. The text names the message and suggests what to do if possible.
/// It does not contain the [`source`](std::error::Error::source).
///
/// ```no_run
/// use vpp_client::{Client, Effect, ErrorKind};
/// use vpp_wire::bootstrap::ControlPing;
///
/// # async fn example(client: Client) {
/// match client.call(ControlPing {}).await {
///     Ok(reply) => println!("VPP has process id {}", reply.vpe_pid),
///     Err(error) if error.kind() == ErrorKind::Api => {
///         println!("refused: {}", error.vpp_error().unwrap());
///     }
///     Err(error) if error.effect() == Effect::NotSent => println!("retry: {error}"),
///     Err(error) => println!("check VPP before a retry: {error}"),
/// }
/// # }
/// ```
#[derive(Clone, ThisError)]
#[error(transparent)]
pub struct Error(Arc<Repr>);

impl Error {
    /// What went wrong.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.0.kind()
    }

    /// The effect of the request in VPP.
    #[must_use]
    pub fn effect(&self) -> Effect {
        self.0.effect()
    }

    /// VPP's error number, if VPP refused the request.
    #[must_use]
    pub fn vpp_error(&self) -> Option<VppError> {
        match &*self.0 {
            Repr::Api { error, .. } => Some(*error),
            _ => None,
        }
    }

    /// The reply that contains [`vpp_error`](Self::vpp_error), if its type is `R`.
    ///
    /// `None` also if VPP left the rest of the reply unset and it cannot be decoded.
    #[must_use]
    pub fn reply<R: Reply>(&self) -> Option<&R> {
        match &*self.0 {
            Repr::Api { reply, .. } => (**reply.as_ref()?).as_any().downcast_ref(),
            _ => None,
        }
    }

    fn new(repr: Repr) -> Self {
        Self(Arc::new(repr))
    }

    #[cold]
    pub(crate) fn name(error: vpp_wire::InvalidString) -> Self {
        Self::new(Repr::Name(error))
    }

    #[cfg(feature = "vpp-api-transport")]
    pub(crate) fn path(path: PathBuf) -> Self {
        Self::new(Repr::Path { path })
    }

    #[cold]
    pub(crate) fn connect(path: PathBuf, source: io::Error) -> Self {
        let hint = match source.kind() {
            io::ErrorKind::NotFound => {
                "the socket does not exist; check that VPP is running and that this is its \
                 api.sock (set VPP_API_SOCKET or Builder::socket to use another)"
            }
            io::ErrorKind::ConnectionRefused => {
                "nothing listens on the socket; the file is left over from a VPP that has exited"
            }
            io::ErrorKind::PermissionDenied => {
                "permission denied; run as root or as a member of the socket's group"
            }
            _ => "the socket cannot be opened",
        };
        Self::new(Repr::Connect { path, hint, source })
    }

    #[cold]
    pub(crate) fn backlog(path: PathBuf, after: Duration) -> Self {
        Self::new(Repr::Backlog { path, after })
    }

    #[cold]
    pub(crate) fn handshake(what: impl Into<String>) -> Self {
        Self::new(Repr::Handshake { what: what.into() })
    }

    #[cold]
    pub(crate) fn handshake_io(what: &'static str, source: io::Error) -> Self {
        Self::new(Repr::HandshakeIo { what, source })
    }

    #[cold]
    pub(crate) fn handshake_frame(error: FrameError) -> Self {
        Self::new(Repr::HandshakeFrame(error))
    }

    #[cold]
    pub(crate) fn handshake_reply(error: DecodeError) -> Self {
        Self::new(Repr::HandshakeReply(error))
    }

    #[cold]
    pub(crate) fn handshake_timeout(after: Duration) -> Self {
        Self::new(Repr::HandshakeTimeout { after })
    }

    #[cold]
    pub(crate) fn io(what: &'static str, source: io::Error) -> Self {
        Self::new(Repr::Io { what, source })
    }

    #[cold]
    pub(crate) fn frame(error: FrameError) -> Self {
        Self::new(Repr::Frame(error))
    }

    #[cold]
    pub(crate) fn health(pings: u32) -> Self {
        Self::new(Repr::Health { pings })
    }

    #[cold]
    pub(crate) fn closed(what: &'static str) -> Self {
        Self::new(Repr::Closed { what })
    }

    #[cold]
    pub(crate) fn disconnected(
        message: &'static str,
        effect: Effect,
        source: Option<&Self>,
    ) -> Self {
        let source = source.cloned();
        Self::new(Repr::Disconnected {
            message,
            effect,
            source,
        })
    }

    #[cold]
    pub(crate) fn timeout(message: &'static str, after: Duration, effect: Effect) -> Self {
        Self::new(Repr::Timeout {
            message,
            after,
            effect,
        })
    }

    #[cold]
    pub(crate) fn api<R: Reply>(message: &'static str, reply: R) -> Self {
        let error = VppError(reply.retval());
        let reply: Option<Box<dyn repr::AnyReply>> = Some(Box::new(reply));
        Self::new(Repr::Api {
            message,
            error,
            reply,
        })
    }

    /// The error for a refusal whose other fields cannot be decoded.
    #[cold]
    pub(crate) fn api_without_reply(message: &'static str, retval: i32) -> Self {
        Self::new(Repr::Api {
            message,
            error: VppError(retval),
            reply: None,
        })
    }

    #[cold]
    pub(crate) fn unknown(message: &'static str) -> Self {
        Self::new(Repr::Unknown { message })
    }

    #[cold]
    pub(crate) fn crc(message: &'static str, ours: u32, theirs: u32) -> Self {
        Self::new(Repr::Crc {
            message,
            ours,
            theirs,
            version: None,
        })
    }

    #[cold]
    pub(crate) fn forbidden(message: &'static str, why: &'static str) -> Self {
        Self::new(Repr::Forbidden { message, why })
    }

    #[cold]
    pub(crate) fn limit(
        message: &'static str,
        what: &'static str,
        limit: usize,
        effect: Effect,
    ) -> Self {
        Self::new(Repr::Limit {
            message,
            what,
            limit,
            effect,
        })
    }

    #[cold]
    pub(crate) fn unexpected(message: &'static str, expected: String, found: String) -> Self {
        Self::new(Repr::Unexpected {
            message,
            expected,
            found,
        })
    }

    #[cold]
    pub(crate) fn forked(message: &'static str) -> Self {
        Self::new(Repr::Forked { message })
    }

    #[cold]
    pub(crate) fn finished(message: &'static str) -> Self {
        Self::new(Repr::Finished { message })
    }

    /// Adds VPP's version to a CRC mismatch, unless the error was cloned.
    pub(crate) fn set_version(&mut self, vpp: &str) {
        if let Some(Repr::Crc { version, .. }) = Arc::get_mut(&mut self.0) {
            *version = Some(vpp.to_owned());
        }
    }
}

/// Prints the text and the source, if any.
impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = f.debug_tuple("Error");
        out.field(&format_args!("{self}"));
        if let Some(source) = std::error::Error::source(self) {
            out.field(&source);
        }
        out.finish()
    }
}

impl From<EncodeError> for Error {
    #[cold]
    fn from(error: EncodeError) -> Self {
        Self::new(Repr::Encode(error))
    }
}

impl From<DecodeError> for Error {
    #[cold]
    fn from(error: DecodeError) -> Self {
        Self::new(Repr::Decode(error))
    }
}

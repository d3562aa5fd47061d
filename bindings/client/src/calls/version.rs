//! Requests VPP's version, to add it to an error.

use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use vpp_wire::{
    DecodeError, EncodeError, FixedString, Layout, Message, Reader, Reply, Request, Wire, Writer,
};

use super::pending::PendingReply;
use super::span::CallSpan;
use crate::error::{Error, ErrorKind};
use crate::in_flight::CallId;
use crate::shared::Shared;
use crate::table::ids::ReplyPattern;

/// How long VPP may take to return its version.
const VERSION_TIMEOUT: Duration = Duration::from_secs(1);

/// An error that is about to be returned. For a CRC mismatch, VPP's version is requested first.
pub(crate) struct VersionLookup {
    shared: Arc<Shared>,
    error: Option<Error>,
    /// The request for the version.
    call: Option<CallId>,
    span: CallSpan,
}

impl VersionLookup {
    #[cold]
    pub(crate) fn new(shared: &Arc<Shared>, error: Error) -> Self {
        let (mut call, mut span) = (None, CallSpan::none());
        if error.kind() == ErrorKind::CrcMismatch {
            let pattern = const { &ReplyPattern::call::<ShowVersion>() };
            // If the request fails, the error is returned without the version.
            if let Ok(queued) = shared.submit(&ShowVersion, pattern, VERSION_TIMEOUT) {
                span = CallSpan::new(ShowVersion::NAME, &queued);
                call = Some(queued.call);
            }
        }
        Self {
            shared: Arc::clone(shared),
            error: Some(error),
            call,
            span,
        }
    }

    /// The error, once.
    pub(crate) fn poll(&mut self, cx: &Context<'_>) -> Poll<Option<Error>> {
        if let Some(call) = self.call {
            let pending = PendingReply {
                shared: &self.shared,
                message: ShowVersion::NAME,
                timeout: VERSION_TIMEOUT,
                call,
            };
            let Poll::Ready(reply) = pending.poll::<ShowVersionReply>(&mut self.span, cx) else {
                return Poll::Pending;
            };
            self.call = None;
            if let (Some(error), Ok(reply)) = (&mut self.error, reply) {
                error.set_version(&reply.version.to_string_lossy());
            }
        }
        Poll::Ready(self.error.take())
    }
}

impl Drop for VersionLookup {
    fn drop(&mut self) {
        if let Some(call) = self.call {
            self.shared.release(call);
        }
    }
}

/// The request. It has the same layout and CRC in every release since v22.10.
#[derive(Debug, Clone)]
struct ShowVersion;

/// The first fields of the reply, up to the version.
#[derive(Debug, Clone)]
struct ShowVersionReply {
    retval: i32,
    version: FixedString<32>,
}

impl Message for ShowVersion {
    const NAME: &'static str = "show_version";
    const CRC: u32 = 0x5107_7d14;
    const KEY: &'static str = "show_version_51077d14";
    const LAYOUT: Layout = Layout::REQUEST;
}

impl Message for ShowVersionReply {
    const NAME: &'static str = "show_version_reply";
    const CRC: u32 = 0xc919_bde1;
    const KEY: &'static str = "show_version_reply_c919bde1";
    const LAYOUT: Layout = Layout::REPLY;
}

impl Request for ShowVersion {
    type Reply = ShowVersionReply;
}

impl Reply for ShowVersionReply {
    const RETVAL: Option<usize> = Some(6);

    fn retval(&self) -> i32 {
        self.retval
    }
}

impl Wire for ShowVersion {
    const MIN_SIZE: usize = 0;

    fn encode(&self, _: &mut Writer<'_>) -> Result<(), EncodeError> {
        Ok(())
    }

    fn decode(_: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(Self)
    }
}

impl Wire for ShowVersionReply {
    const MIN_SIZE: usize = 68;

    fn encode(&self, out: &mut Writer<'_>) -> Result<(), EncodeError> {
        self.retval.encode(out)?;
        out.bytes(&[0; 32]);
        self.version.encode(out)
    }

    fn decode(from: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let retval = from.field("retval")?;
        let _program: FixedString<32> = from.field("program")?;
        Ok(Self {
            retval,
            version: from.field("version")?,
        })
    }
}

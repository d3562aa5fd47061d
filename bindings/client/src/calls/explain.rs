//! VPP's version, requested where it makes an error clearer.

use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use vpp_wire::{
    DecodeError, EncodeError, FixedString, Layout, Message, Reader, Reply, Request, Wire, Writer,
};

use crate::shared::Shared;
use crate::shared::ids::Pattern;
use crate::{Call, Error, ErrorKind};

/// How long VPP may take to return its version.
const PATIENCE: Duration = Duration::from_secs(1);

/// An error on its way to the caller. A CRC mismatch first requests the version of this VPP.
pub(crate) struct Explained {
    error: Option<Error>,
    version: Option<Box<Call<ShowVersionReply>>>,
}

impl Explained {
    #[cold]
    pub(crate) fn new(shared: &Arc<Shared>, error: Error) -> Self {
        let mut version = None;
        if error.kind() == ErrorKind::CrcMismatch {
            let pattern = const { &Pattern::call::<ShowVersion>() };
            let submitted = shared.submit(&ShowVersion, pattern, PATIENCE);
            // A VPP that cannot be asked leaves the error as it is.
            if let Ok(submitted) = submitted {
                let call = Call::follow(shared, ShowVersion::NAME, PATIENCE, &submitted);
                version = Some(Box::new(call));
            }
        }
        Self {
            error: Some(error),
            version,
        }
    }

    /// The error, once.
    pub(crate) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Option<Error>> {
        if let Some(call) = &mut self.version {
            let Poll::Ready(reply) = std::pin::Pin::new(&mut **call).poll(cx) else {
                return Poll::Pending;
            };
            self.version = None;
            if let (Some(error), Ok(reply)) = (&mut self.error, reply) {
                error.set_version(&reply.version.to_string_lossy());
            }
        }
        Poll::Ready(self.error.take())
    }
}

/// The request, whose layout and CRC are those of every release from v22.10 on.
#[derive(Debug, Clone)]
struct ShowVersion;

/// The reply up to the version.
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

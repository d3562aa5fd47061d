use std::any::TypeId;
use std::time::Duration;

use vpp_wire::{Reply, Subscribe, encode_payload};

use crate::call::read;
use crate::ids::{IdCache, Spec};
use crate::{Error, MessageTable};

/// A subscription request without its type.
pub(crate) struct Ask {
    pub(crate) kind: TypeId,
    pub(crate) on: Vec<u8>,
    pub(crate) off: Vec<u8>,
    pub(crate) request: Spec,
    pub(crate) reply: Spec,
    pub(crate) event: Spec,
    pub(crate) timeout: Duration,
    pub(crate) check: fn(&'static str, &[u8]) -> Result<(), Error>,
}

impl Ask {
    /// Both requests, encoded but for the ids of a connection.
    pub(crate) fn new<W: Subscribe>(mut request: W, timeout: Duration) -> Result<Self, Error> {
        let mut payload = |on| {
            let mut bytes = Vec::new();
            // VPP only echoes the process id.
            request.set_enabled(on, std::process::id());
            encode_payload(&request, 0, vpp_wire::Header::default(), &mut bytes)?;
            Ok::<_, Error>(bytes)
        };
        Ok(Self {
            kind: TypeId::of::<W>(),
            on: payload(true)?,
            off: payload(false)?,
            request: Spec::of::<W>(),
            reply: Spec::of::<W::Reply>(),
            event: Spec::of::<W::Event>(),
            timeout,
            check: check::<W::Reply>,
        })
    }

    /// The ids of request, reply and event on this connection.
    pub(crate) fn ids(&self, ids: &mut IdCache, table: &MessageTable) -> Result<[u16; 3], Error> {
        Ok([
            ids.resolve(&self.request, table)?,
            ids.resolve(&self.reply, table)?,
            ids.resolve_event(&self.event, table)?,
        ])
    }
}

fn check<R: Reply>(message: &'static str, buffer: &[u8]) -> Result<(), Error> {
    read::<R>(message, buffer).map(drop)
}

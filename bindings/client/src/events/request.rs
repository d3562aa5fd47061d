use std::any::TypeId;
use std::time::Duration;

use vpp_wire::{Event, Header, Reply, Subscribe, encode_payload};

use crate::calls::read_reply;
use crate::shared::ids::{IdCache, Spec};
use crate::{Error, MessageTable};

/// A request for events, without its type.
pub(crate) struct EventRequest {
    pub(super) key: RequestKey,
    pub(super) request: Spec,
    pub(super) reply: Spec,
    pub(super) event: Spec,
    /// The offset at which the event echoes the `pid` of the request.
    pub(super) event_pid: Option<usize>,
    filter: &'static [(usize, usize, usize)],
    pub(super) timeout: Duration,
    pub(super) check: fn(&'static str, &[u8]) -> Result<(), Error>,
    encode: Box<dyn Fn(bool, u32) -> Result<Vec<u8>, Error> + Send + Sync>,
}

/// What makes two requests the same: their type and their fields.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct RequestKey {
    kind: TypeId,
    fields: Vec<u8>,
}

impl EventRequest {
    pub(crate) fn new<W: Subscribe>(request: W, timeout: Duration) -> Result<Self, Error> {
        let encode = move |on, pid| {
            let mut request = request.clone();
            request.set_enabled(on, pid);
            let mut bytes = Vec::new();
            encode_payload(&request, 0, Header::default(), &mut bytes)?;
            Ok::<_, Error>(bytes)
        };
        let key = RequestKey {
            kind: TypeId::of::<W>(),
            fields: encode(true, 0)?,
        };
        Ok(Self {
            key,
            request: Spec::of::<W>(),
            reply: Spec::of::<W::Reply>(),
            event: Spec::of::<W::Event>(),
            event_pid: W::Event::PID,
            filter: W::FILTER,
            timeout,
            check: check::<W::Reply>,
            encode: Box::new(encode),
        })
    }

    /// Whether the request selects an event, by the fields that they share.
    pub(super) fn selects(&self, event: &[u8]) -> bool {
        self.filter.iter().all(|(in_request, in_event, size)| {
            let wanted = self.key.fields.get(*in_request..in_request + size);
            let found = event.get(*in_event..in_event + size);
            wanted == found || wanted.is_some_and(|bytes| bytes.iter().all(|byte| *byte == 0xff))
        })
    }

    /// The payload that turns the events on or off, without the ids of a connection.
    pub(super) fn payload(&self, on: bool, pid: u32) -> Result<Vec<u8>, Error> {
        (self.encode)(on, pid)
    }

    /// The ids of request, reply and event on this connection.
    pub(super) fn ids(&self, ids: &mut IdCache, table: &MessageTable) -> Result<[u16; 3], Error> {
        Ok([
            ids.resolve(&self.request, table)?,
            ids.resolve(&self.reply, table)?,
            ids.resolve_event(&self.event, table)?,
        ])
    }
}

fn check<R: Reply>(message: &'static str, frame: &[u8]) -> Result<(), Error> {
    read_reply::<R>(message, frame).map(drop)
}

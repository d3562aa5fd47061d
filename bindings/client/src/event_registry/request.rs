use std::any::TypeId;
use std::time::Duration;

use vpp_wire::{Event, Header, Reply, Subscribe, encode_payload};

use crate::error::Error;
use crate::reply::read_reply;
use crate::table::MessageTable;
use crate::table::ids::{IdCache, MessageSpec};

/// A type-erased request for events.
pub(crate) struct EventRequest {
    pub(crate) key: RequestKey,
    pub(crate) request: MessageSpec,
    pub(crate) reply: MessageSpec,
    pub(crate) event: MessageSpec,
    /// The offset of the request's `pid` in the event.
    pub(crate) event_pid: Option<usize>,
    filter: &'static [(usize, usize, usize)],
    pub(crate) timeout: Duration,
    pub(crate) check: fn(&'static str, &[u8]) -> Result<(), Error>,
    encode: Box<dyn Fn(bool, u32) -> Result<Vec<u8>, Error> + Send + Sync>,
}

/// Requests with equal type and fields share a registration.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct RequestKey {
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
            request: MessageSpec::of::<W>(),
            reply: MessageSpec::of::<W::Reply>(),
            event: MessageSpec::of::<W::Event>(),
            event_pid: W::Event::PID,
            filter: W::FILTER,
            timeout,
            check: check::<W::Reply>,
            encode: Box::new(encode),
        })
    }

    /// Whether the fields that the request and an event share have equal values.
    pub(crate) fn selects(&self, event: &[u8]) -> bool {
        self.filter.iter().all(|(in_request, in_event, size)| {
            let wanted = self.key.fields.get(*in_request..in_request + size);
            let found = event.get(*in_event..in_event + size);
            wanted == found || wanted.is_some_and(|bytes| bytes.iter().all(|byte| *byte == 0xff))
        })
    }

    /// The payload that turns the events on or off. Its message id and client index are not set.
    pub(crate) fn payload(&self, on: bool, pid: u32) -> Result<Vec<u8>, Error> {
        (self.encode)(on, pid)
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

fn check<R: Reply>(message: &'static str, frame: &[u8]) -> Result<(), Error> {
    read_reply::<R>(message, frame).map(drop)
}

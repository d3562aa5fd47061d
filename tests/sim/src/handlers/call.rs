use std::marker::PhantomData;
use std::sync::Arc;

use vpp_wire::bootstrap::SockclntCreate;
use vpp_wire::frame::{self, HEADER, MAX_PAYLOAD};
use vpp_wire::{DecodeError, Header, Message, decode_payload};

use super::Known;
use crate::Release;
use crate::server::{Core, Outbox};
use crate::state::{Dead, State};

/// One request being handled.
pub(crate) struct Call<'a> {
    pub(super) core: &'a mut Core,
    /// The connection that it came on.
    pub(super) slot: u32,
    /// What it is.
    pub(super) known: Known,
    /// The `retval` that a fault wants instead of an answer.
    refuse: Option<i32>,
    header: Header,
    /// Whether the answer goes to the connection, whatever `client_index` says.
    own: bool,
    died: Option<String>,
    leaving: Option<u32>,
    out: &'a mut Vec<u8>,
}

impl<'a> Call<'a> {
    pub(crate) fn new(
        core: &'a mut Core,
        slot: u32,
        known: Known,
        refuse: Option<i32>,
        out: &'a mut Vec<u8>,
    ) -> Self {
        Self {
            core,
            slot,
            known,
            refuse,
            header: Header::default(),
            // The one request without client_index.
            own: known.name == SockclntCreate::NAME,
            died: None,
            leaving: None,
            out,
        }
    }

    /// Reads the request, and notes its header: `client_index` says where the answer goes.
    pub(super) fn read<M: Message>(&mut self, payload: &[u8]) -> Result<M, DecodeError> {
        let (header, message) = decode_payload(payload)?;
        self.set_header(header);
        Ok(message)
    }

    /// Notes the request's header; its `client_index` says where the answer goes.
    pub(super) fn set_header(&mut self, header: Header) {
        self.header = header;
    }

    /// As in the request.
    pub(super) fn client_index(&self) -> u32 {
        self.header.client_index
    }

    /// Whether a fault wants a refusal instead of an answer.
    pub(super) fn is_refused(&self) -> bool {
        self.refuse.is_some()
    }

    pub(super) fn state(&mut self) -> &mut State {
        &mut self.core.state
    }

    pub(super) fn release(&self) -> Release {
        self.core.release()
    }

    /// VPP dies of this request.
    pub(super) fn die(&mut self, Dead(reason): Dead) {
        self.died = Some(format!("{}: {reason}", self.known.name));
    }

    /// This slot's connection closes once the answer is sent.
    pub(super) fn leave(&mut self, slot: u32) {
        self.leaving = Some(slot);
    }

    /// Whose connection is to close.
    pub(crate) fn leaving(&self) -> Option<u32> {
        self.leaving
    }

    /// Where the answer goes, if `client_index` names a client.
    pub(crate) fn destination(&self) -> Option<Arc<Outbox>> {
        let clients = &self.core.clients;
        if self.own {
            return Some(clients.get(self.slot)?.outbox.clone());
        }
        clients.resolve(self.header.client_index).cloned()
    }

    /// Whether there is anyone to answer.
    pub(super) fn has_destination(&self) -> bool {
        self.own
            || self
                .core
                .clients
                .resolve(self.header.client_index)
                .is_some()
    }

    /// What VPP died of.
    pub(crate) fn died(self) -> Option<String> {
        self.died
    }

    /// Writes the reply.
    pub(super) fn reply<M: Message>(&mut self, reply: &M) {
        if !self.has_destination() {
            return;
        }
        let start = self.out.len();
        let Some(mut sink) = self.split::<M>().1 else {
            return;
        };
        sink.send(reply);
        if let Some(retval) = self.refuse {
            self.set_retval(start + HEADER + M::LAYOUT.body, retval);
        }
    }

    /// Writes a reply of which only `retval` counts.
    pub(super) fn reply_retval<M: Message + Default>(&mut self, retval: i32) {
        let start = self.out.len();
        self.reply(&M::default());
        if self.refuse.is_none() {
            self.set_retval(start + HEADER + M::LAYOUT.body, retval);
        }
    }

    /// Every reply with a `retval` has it first.
    fn set_retval(&mut self, at: usize, retval: i32) {
        if let Some(place) = self.out.get_mut(at..at + 4) {
            place.copy_from_slice(&retval.to_be_bytes());
        }
    }

    /// Appends bytes that are a frame already.
    pub(super) fn raw(&mut self, payload: &[u8]) {
        if self.has_destination() {
            // What is too large for a frame is no answer of VPP's either.
            let _ = frame::wrap(payload, self.out);
        }
    }

    /// The context of the request.
    pub(super) fn context(&self) -> u32 {
        self.header.context
    }

    /// The state to read from, and where the details go; none if nobody listens.
    pub(super) fn split<M: Message>(&mut self) -> (&State, Option<Sink<'_, M>>) {
        let listens = self.has_destination();
        let id = self.core.table.ids().get(M::KEY).copied();
        let header = Header {
            client_index: 0,
            context: self.header.context,
        };
        let sink = id.filter(|_| listens).map(|id| Sink {
            out: self.out,
            id,
            header,
            message: PhantomData,
        });
        (&self.core.state, sink)
    }
}

/// Takes messages of one type, as answers to one request.
pub(crate) struct Sink<'a, M> {
    out: &'a mut Vec<u8>,
    id: u16,
    header: Header,
    message: PhantomData<fn(&M)>,
}

impl<M: Message> Sink<'_, M> {
    /// Appends one message.
    pub(super) fn send(&mut self, message: &M) {
        if let Err(error) = frame::encode(message, self.id, self.header, MAX_PAYLOAD, self.out) {
            tracing::warn!(%error, "an answer that cannot be sent");
        }
    }
}

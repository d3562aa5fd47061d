use std::marker::PhantomData;
use std::sync::Arc;

use vpp_wire::bootstrap::SockclntCreate;
use vpp_wire::frame::{self, HEADER_SIZE, MAX_PAYLOAD};
use vpp_wire::{DecodeError, Header, Message, Request, decode_payload};

use crate::Release;
use crate::run::{KnownMessage, Outbox, Run};
use crate::state::{Crash, VppState};

/// Handles one payload.
pub(super) type Handler =
    Box<dyn Fn(&mut Call<'_>, &[u8]) -> Result<(), DecodeError> + Send + Sync>;

/// A request that is being handled.
pub(crate) struct Call<'a> {
    pub(super) run: &'a mut Run,
    /// The slot of the connection that received it.
    pub(super) slot: u32,
    /// The message.
    pub(super) known: KnownMessage,
    /// The `retval` of a fault that refuses the request.
    refuse: Option<i32>,
    header: Header,
    /// Whether the reply goes to this connection regardless of `client_index`.
    own: bool,
    crash: Option<String>,
    unregistered: Option<u32>,
    out: &'a mut Vec<u8>,
}

impl<'a> Call<'a> {
    pub(crate) fn new(
        run: &'a mut Run,
        slot: u32,
        known: KnownMessage,
        refuse: Option<i32>,
        out: &'a mut Vec<u8>,
    ) -> Self {
        Self {
            run,
            slot,
            known,
            refuse,
            header: Header::default(),
            // The only request without client_index.
            own: known.name == SockclntCreate::NAME,
            crash: None,
            unregistered: None,
            out,
        }
    }

    /// Decodes the request and stores its header.
    pub(super) fn read<M: Message>(&mut self, payload: &[u8]) -> Result<M, DecodeError> {
        let (header, message) = decode_payload(payload)?;
        self.set_header(header);
        Ok(message)
    }

    /// Stores the header of the request. Its `client_index` is the destination of the reply.
    pub(super) fn set_header(&mut self, header: Header) {
        self.header = header;
    }

    /// The `client_index` of the request.
    pub(super) fn client_index(&self) -> u32 {
        self.header.client_index
    }

    /// Whether a fault refuses the request.
    pub(super) fn is_refused(&self) -> bool {
        self.refuse.is_some()
    }

    pub(super) fn state(&mut self) -> &mut VppState {
        &mut self.run.state
    }

    pub(super) fn release(&self) -> Release {
        self.run.release
    }

    /// Records that the request crashes VPP.
    pub(super) fn crash(&mut self, Crash(reason): Crash) {
        self.crash = Some(format!("{}: {reason}", self.known.name));
    }

    /// Unregisters the client in this slot after the reply is sent.
    pub(super) fn unregister(&mut self, slot: u32) {
        self.unregistered = Some(slot);
    }

    /// The slot of the client that the request unregisters.
    pub(crate) fn unregistered(&self) -> Option<u32> {
        self.unregistered
    }

    /// The destination of the reply, if `client_index` names a client.
    pub(crate) fn destination(&self) -> Option<Arc<Outbox>> {
        let clients = &self.run.clients;
        if self.own {
            return Some(clients.get(self.slot)?.outbox.clone());
        }
        clients.resolve(self.header.client_index).cloned()
    }

    /// Whether the reply has a destination.
    pub(super) fn has_destination(&self) -> bool {
        self.own || self.run.clients.resolve(self.header.client_index).is_some()
    }

    /// The reason of the crash, if the request crashes VPP.
    pub(crate) fn into_crash(self) -> Option<String> {
        self.crash
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
            self.set_retval(start + HEADER_SIZE + M::LAYOUT.body, retval);
        }
    }

    /// Writes a reply with this `retval` and defaults in all other fields.
    pub(super) fn reply_retval<M: Message + Default>(&mut self, retval: i32) {
        let start = self.out.len();
        self.reply(&M::default());
        if self.refuse.is_none() {
            self.set_retval(start + HEADER_SIZE + M::LAYOUT.body, retval);
        }
    }

    /// Sets `retval`, which is the first field of a reply.
    fn set_retval(&mut self, at: usize, retval: i32) {
        if let Some(bytes) = self.out.get_mut(at..at + 4) {
            bytes.copy_from_slice(&retval.to_be_bytes());
        }
    }

    /// Writes an encoded payload as a reply.
    pub(super) fn reply_payload(&mut self, payload: &[u8]) {
        if self.has_destination() {
            // VPP does not send a payload that is too large for a frame either.
            let _ = frame::wrap(payload, self.out);
        }
    }

    /// The context of the request.
    pub(super) fn context(&self) -> u32 {
        self.header.context
    }

    /// Returns the state and a sink for replies. Without a destination there is no sink.
    pub(super) fn split<M: Message>(&mut self) -> (&VppState, Option<Sink<'_, M>>) {
        let has_destination = self.has_destination();
        let id = self.run.table.ids().get(M::KEY).copied();
        let header = Header {
            client_index: 0,
            context: self.header.context,
        };
        let sink = id.filter(|_| has_destination).map(|id| Sink {
            out: self.out,
            id,
            header,
            message: PhantomData,
        });
        (&self.run.state, sink)
    }
}

/// Writes messages of one type as replies to one request.
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
            tracing::warn!(%error, "cannot encode a reply");
        }
    }
}

/// Wraps a handler: decodes the request, handles it unless a fault refuses it, and replies.
pub(super) fn replying<R>(
    handle: impl Fn(&mut Call<'_>, R) -> Result<R::Reply, Crash> + Send + Sync + 'static,
) -> impl Fn(&mut Call<'_>, &[u8]) -> Result<(), DecodeError> + Send + Sync + 'static
where
    R: Request,
    R::Reply: Default,
{
    move |call, payload| {
        let request: R = call.read(payload)?;
        let answer = if call.is_refused() {
            Ok(R::Reply::default())
        } else {
            handle(call, request)
        };
        match answer {
            Ok(reply) => call.reply(&reply),
            Err(crash) => call.crash(crash),
        }
        Ok(())
    }
}

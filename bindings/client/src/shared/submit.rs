//! Queues requests.

use std::time::Duration;

use vpp_wire::bootstrap::{ControlPing, ControlPingReply};
use vpp_wire::{Header, Message, frame};

use super::inner::Inner;
use super::state::State;
use crate::error::{Effect, Error};
use crate::in_flight::{CallId, Expectation, MAX_CALLS, NO_CALL};
use crate::table::ids::{MessageSpec, ReplyPattern};

/// A request that is queued.
#[derive(Debug, Clone, Copy)]
pub(crate) struct QueuedRequest {
    pub(crate) call: CallId,
    /// The number of the connection that it was queued for.
    pub(crate) epoch: u64,
    /// The size of the request's frames.
    pub(crate) bytes: usize,
}

impl Inner {
    /// Returns an error if no request can be sent.
    #[inline]
    pub(crate) fn check_connected(&self, message: &'static str) -> Result<(), Error> {
        if self.state.get() == State::Connected && !self.is_closing() {
            return Ok(());
        }
        Err(self.not_connected(message))
    }

    /// The error for a request without a connection.
    #[cold]
    pub(crate) fn not_connected(&self, message: &'static str) -> Error {
        Error::disconnected(message, Effect::NotSent, self.lost.as_ref())
    }

    /// Whether the limits allow another request.
    #[inline]
    pub(crate) fn has_room_to_send(&self) -> bool {
        self.pending <= self.limits.writes
            && self.memory() < self.limits.memory
            && self.calls.has_room()
    }

    /// Encodes and queues a request.
    #[inline]
    pub(super) fn submit<M: Message>(
        &mut self,
        message: &M,
        pattern: &'static ReplyPattern,
        timeout: Duration,
    ) -> Result<QueuedRequest, Error> {
        self.check_connected(M::NAME)?;
        let ids = self.ids.of::<M>(pattern, &self.table)?;
        if !self.has_room_to_send() {
            return Err(self.queue_full(M::NAME, 0));
        }
        let call = match pattern {
            ReplyPattern::OneWay => NO_CALL,
            _ => match self.calls.next_context() {
                Some(context) => context,
                None => return Err(self.queue_full(M::NAME, 0)),
            },
        };
        let header = Header {
            client_index: self.client_index,
            context: call,
        };
        let start = self.outgoing.len();
        let max = self.limits.frame;
        let mut result = frame::encode(message, ids.request, header, max, &mut self.outgoing);
        if let (Ok(()), Some(ping)) = (&result, ids.ping) {
            result = frame::encode(&ControlPing {}, ping, header, max, &mut self.outgoing);
        }
        if let Err(error) = result {
            self.outgoing.truncate(start);
            return Err(error.into());
        }
        let bytes = self.outgoing.len() - start;
        if self.memory().saturating_add(bytes) > self.limits.memory {
            self.outgoing.truncate(start);
            return Err(self.queue_full(M::NAME, bytes));
        }
        self.note_queued(bytes);
        if call != NO_CALL {
            let expect = Expectation {
                item: ids.item,
                stray: ids.stray,
                end: ids.end,
                timeout,
                limit: self.limits.dump,
                registration: None,
            };
            self.add_call(call, expect, self.queued);
        }
        self.counters.requests += 1;
        Ok(QueuedRequest {
            call,
            epoch: self.epoch,
            bytes,
        })
    }

    /// Queues a `control_ping` whose reply is ignored.
    pub(crate) fn ping(&mut self) {
        let request = self
            .ids
            .resolve(&MessageSpec::of::<ControlPing>(), &self.table);
        let reply = self
            .ids
            .resolve(&MessageSpec::of::<ControlPingReply>(), &self.table);
        // Every release of VPP has this message.
        let (Ok(id), Ok(_)) = (request, reply) else {
            return;
        };
        let header = Header {
            client_index: self.client_index,
            context: NO_CALL,
        };
        let before = self.outgoing.len();
        let max = frame::MAX_PAYLOAD;
        if frame::encode(&ControlPing {}, id, header, max, &mut self.outgoing).is_ok() {
            let bytes = self.outgoing.len() - before;
            self.note_queued(bytes);
        }
    }

    /// Notes how many more bytes of frames are at the end of the queue.
    #[inline]
    pub(crate) fn note_queued(&mut self, bytes: usize) {
        if let Some(recorder) = &mut self.recorder {
            let start = self.outgoing.len().saturating_sub(bytes);
            recorder.sent(self.outgoing.get(start..).unwrap_or_default());
        }
        self.queued += bytes as u64;
        self.pending += bytes;
    }

    /// Adds a call without [`submit`](Self::submit): a request for events, or a wait.
    pub(crate) fn add_other_call(
        &mut self,
        message: &'static str,
        expect: Expectation,
        bytes: usize,
    ) -> Result<CallId, Error> {
        let Some(context) = self.calls.next_context() else {
            return Err(self.queue_full(message, 0));
        };
        self.add_call(context, expect, self.queued + bytes as u64);
        Ok(context)
    }

    #[inline]
    fn add_call(&mut self, context: CallId, expect: Expectation, sent: u64) {
        let now = self.calls.tick_now();
        let deadline = self.calls.add(context, expect, now, sent);
        self.note_deadline(deadline);
    }

    /// The error for the limit that another request, or `bytes` more bytes, would exceed.
    #[cold]
    fn queue_full(&self, message: &'static str, bytes: usize) -> Error {
        let (what, limit) = if !self.calls.has_room() {
            ("the number of calls in flight", MAX_CALLS)
        } else if self.memory().saturating_add(bytes) >= self.limits.memory {
            ("the client's memory, in bytes,", self.limits.memory)
        } else {
            (
                "the requests that VPP has not read, in bytes,",
                self.limits.writes,
            )
        };
        Error::limit(message, what, limit, Effect::NotSent)
    }
}

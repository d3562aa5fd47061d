//! Queues requests.

use std::sync::Arc;
use std::time::Duration;

use vpp_wire::bootstrap::ControlPing;
use vpp_wire::{Header, Message, frame};

use super::ids::Pattern;
use super::{CallId, Inner, NOBODY, Shared};
use crate::calls::{Expect, MAX_CALLS};
use crate::error::Effect;
use crate::{Error, State};

/// A request that is queued.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Submitted {
    pub(crate) call: CallId,
    /// The connection that it was queued for.
    pub(crate) epoch: u64,
    /// The size of the request's frames.
    pub(crate) bytes: usize,
}

impl Shared {
    /// Queues a request, whose answer is found by the returned call.
    #[inline]
    pub(crate) fn submit<M: Message>(
        self: &Arc<Self>,
        message: &M,
        pattern: &'static Pattern,
        timeout: Duration,
    ) -> Result<Submitted, Error> {
        if !self.process.is_current() {
            return Err(Error::forked(M::NAME));
        }
        let submitted = self.with(|inner| inner.submit(message, pattern, timeout));
        if tracing::enabled!(tracing::Level::TRACE)
            && let Ok(Submitted { call, .. }) = submitted
        {
            tracing::trace!(context = call, request = ?message, "{}", M::NAME);
        }
        submitted
    }

    /// Ends a call, whatever its state.
    #[inline]
    pub(crate) fn release(self: &Arc<Self>, call: CallId) {
        self.with(|inner| inner.release(call));
    }
}

impl Inner {
    /// Whether something can be sent.
    #[inline]
    pub(crate) fn check_connected(&self, message: &'static str) -> Result<(), Error> {
        if self.state.get() == State::Connected && !self.is_leaving() {
            return Ok(());
        }
        Err(self.not_connected(message))
    }

    #[cold]
    pub(crate) fn not_connected(&self, message: &'static str) -> Error {
        Error::disconnected(message, Effect::NotSent, self.lost.as_ref())
    }

    /// Whether the queue takes another request.
    #[inline]
    pub(crate) fn has_room_to_send(&self) -> bool {
        self.pending <= self.limits.writes
            && self.memory() < self.limits.memory
            && self.calls.has_room()
    }

    #[inline]
    fn submit<M: Message>(
        &mut self,
        message: &M,
        pattern: &'static Pattern,
        timeout: Duration,
    ) -> Result<Submitted, Error> {
        self.check_connected(M::NAME)?;
        let ids = self.ids.of::<M>(pattern, &self.table)?;
        if !self.has_room_to_send() {
            return Err(self.queue_full(M::NAME, 0));
        }
        let call = match pattern {
            Pattern::OneWay => NOBODY,
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
        if call != NOBODY {
            let expect = Expect {
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
        Ok(Submitted {
            call,
            epoch: self.epoch,
            bytes,
        })
    }

    /// So many more bytes are queued.
    #[inline]
    pub(crate) fn note_queued(&mut self, bytes: usize) {
        self.queued += bytes as u64;
        self.pending += bytes;
    }

    /// Adds a call that is queued without [`submit`](Self::submit), or that waits for nothing.
    pub(crate) fn add_other_call(
        &mut self,
        message: &'static str,
        expect: Expect,
        bytes: usize,
    ) -> Result<CallId, Error> {
        let Some(context) = self.calls.next_context() else {
            return Err(self.queue_full(message, 0));
        };
        self.add_call(context, expect, self.queued + bytes as u64);
        Ok(context)
    }

    #[inline]
    fn add_call(&mut self, context: CallId, expect: Expect, sent: u64) {
        let now = self.calls.tick_now();
        let deadline = self.calls.add(context, expect, now, sent);
        self.note_deadline(deadline);
    }

    /// Why the queue does not take so many more bytes, or another call.
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

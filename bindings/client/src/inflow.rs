use std::mem;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::time::Instant;
use vpp_wire::frame::{self, Frame};

use crate::Error;
use crate::shared::Shared;
use crate::slots::CallId;

/// The frames of one dump, taken from its slot in bulk and read without the lock.
pub(crate) struct Inflow {
    pub(crate) shared: Arc<Shared>,
    pub(crate) message: &'static str,
    pub(crate) timeout: Duration,
    pub(crate) item: u16,
    call: Option<CallId>,
    buffer: Vec<u8>,
    at: usize,
}

impl Inflow {
    pub(crate) fn new(shared: Arc<Shared>, message: &'static str, timeout: Duration) -> Self {
        Self {
            shared,
            message,
            timeout,
            item: 0,
            call: None,
            buffer: Vec::new(),
            at: 0,
        }
    }

    /// Follows `call` from here on.
    pub(crate) fn follow(&mut self, call: CallId) {
        let item = self
            .shared
            .lock()
            .slots
            .get_mut(call)
            .and_then(|slot| slot.expect.item);
        // The slot was just taken, with an item.
        self.item = item.unwrap_or_default();
        self.call = Some(call);
    }

    /// Waits until at least one frame can be taken.
    #[inline]
    pub(crate) fn poll_ready(&mut self, cx: &Context<'_>) -> Poll<Result<(), Error>> {
        if self.at < self.buffer.len() {
            return Poll::Ready(Ok(()));
        }
        self.poll_slot(cx)
    }

    fn poll_slot(&mut self, cx: &Context<'_>) -> Poll<Result<(), Error>> {
        self.buffer.clear();
        self.at = 0;
        let mut inner = self.shared.lock();
        let slot = self.call.and_then(|call| inner.slots.get_mut(call));
        let Some(slot) = slot else {
            return Poll::Ready(Err(Error::closed("the dump is unknown")));
        };
        if !slot.buffer.is_empty() {
            mem::swap(&mut self.buffer, &mut slot.buffer);
            return Poll::Ready(Ok(()));
        }
        match slot.outcome() {
            None => {
                slot.wait(cx);
                Poll::Pending
            }
            Some(Err(failure)) => {
                let limit = slot.expect.limit;
                Poll::Ready(Err(failure.error(self.message, self.timeout, limit)))
            }
            Some(Ok(())) => Poll::Ready(Err(Error::closed("the dump has ended"))),
        }
    }

    /// The next frame, if one is there.
    #[inline]
    pub(crate) fn take(&mut self) -> Option<Frame<'_>> {
        let rest = self.buffer.get(self.at..).unwrap_or_default();
        // Whole frames that were split before, under the connection's own limit.
        let frame = frame::split(rest, usize::MAX).ok().flatten()?;
        self.at += frame.size;
        Some(frame)
    }

    /// Lets go of the call, whose end was read.
    pub(crate) fn end(&mut self) {
        if let Some(call) = self.call.take() {
            self.shared.release(call);
        }
    }

    /// Lets go of the call, whose end may still come.
    pub(crate) fn give_up(&mut self) {
        let Some(call) = self.call.take() else {
            return;
        };
        self.shared.with(|inner| {
            if let Some(deadline) = inner.slots.drain(call, Instant::now()) {
                inner.watch(deadline);
            }
            inner.look_whether_to_leave();
        });
    }
}

impl Drop for Inflow {
    fn drop(&mut self) {
        self.give_up();
    }
}

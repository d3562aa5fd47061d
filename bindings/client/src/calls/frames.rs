use std::mem;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use vpp_wire::frame::{self, Frame};

use super::span::CallSpan;
use crate::error::Error;
use crate::in_flight::CallId;
use crate::shared::{QueuedRequest, Shared};

/// The frames that VPP sends in reply to one dump. They are moved out of its slot in bulk, and
/// decoded without the lock.
pub(super) struct Frames {
    pub(super) shared: Arc<Shared>,
    pub(super) message: &'static str,
    timeout: Duration,
    /// The id of an item.
    pub(super) item: u16,
    call: Option<CallId>,
    buffer: Vec<u8>,
    at: usize,
    total: usize,
    span: CallSpan,
}

impl Frames {
    pub(super) fn new(shared: &Arc<Shared>, message: &'static str, timeout: Duration) -> Self {
        Self {
            shared: Arc::clone(shared),
            message,
            timeout,
            item: 0,
            call: None,
            buffer: Vec::new(),
            at: 0,
            total: 0,
            span: CallSpan::none(),
        }
    }

    /// Follows a request that was just queued.
    pub(super) fn follow(&mut self, queued: &QueuedRequest) {
        let slot_item = |inner: &mut crate::shared::Inner| {
            let slot = inner.calls.get_mut(queued.call)?;
            slot.expect.item
        };
        // The request was just queued, and it has items.
        self.item = self.shared.with(slot_item).unwrap_or_default();
        self.call = Some(queued.call);
        self.span = CallSpan::new(self.message, queued);
    }

    /// Pending until a frame can be taken.
    #[inline]
    pub(super) fn poll_ready(&mut self, cx: &Context<'_>) -> Poll<Result<(), Error>> {
        if self.at < self.buffer.len() {
            return Poll::Ready(Ok(()));
        }
        self.poll_slot(cx)
    }

    fn poll_slot(&mut self, cx: &Context<'_>) -> Poll<Result<(), Error>> {
        let Self {
            shared,
            message,
            timeout,
            call,
            buffer,
            at,
            total,
            ..
        } = self;
        if !shared.process.is_current() {
            return Poll::Ready(Err(Error::forked(message)));
        }
        let read = mem::take(at);
        let outcome = shared.with(|inner| {
            // Bytes that were read no longer count as buffered.
            inner.free(read);
            buffer.clear();
            let slot = call.and_then(|call| inner.calls.get_mut(call));
            let Some(slot) = slot else {
                return Poll::Ready(Err(None));
            };
            if !slot.buffer.is_empty() {
                mem::swap(buffer, &mut slot.buffer);
                return Poll::Ready(Ok(()));
            }
            slot.poll_outcome(&mut inner.retired, cx)
                .map(|outcome| Err(outcome.err()))
        });
        outcome.map(|outcome| match outcome {
            Ok(()) => {
                *total += buffer.len();
                Ok(())
            }
            Err(Some(failure)) => Err(failure.error(message, *timeout)),
            Err(None) => Err(Error::finished(message)),
        })
    }

    /// The next frame, if there is one.
    #[inline]
    pub(super) fn take(&mut self) -> Option<Frame<'_>> {
        let rest = self.buffer.get(self.at..).unwrap_or_default();
        // The buffer holds whole frames, which were checked against the limit before.
        let frame = frame::split(rest, usize::MAX).ok().flatten()?;
        self.at += frame.size;
        Some(frame)
    }

    /// Releases the call. Later frames for it are discarded.
    pub(super) fn end(&mut self, error: Option<&Error>) {
        self.span.end(self.total, error);
        let call = self.call.take();
        let held = self.buffer.len();
        self.buffer = Vec::new();
        self.at = 0;
        if call.is_none() && held == 0 {
            return;
        }
        self.shared.with(|inner| {
            inner.free(held);
            if let Some(call) = call {
                inner.release(call);
            }
        });
    }
}

impl Drop for Frames {
    fn drop(&mut self) {
        self.end(None);
    }
}

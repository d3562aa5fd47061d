//! Dispatches incoming frames.

use vpp_wire::frame::{self, Frame, FrameError};

use super::ids::Route;
use super::{CallId, Inner};
use crate::calls::{Failure, SlotState};

impl Inner {
    /// Dispatches every whole frame of `bytes`; returns how many bytes those were.
    pub(crate) fn deliver(&mut self, bytes: &[u8]) -> (usize, Result<(), FrameError>) {
        let mut at = 0;
        // The clock is read once per chunk.
        let now = self.calls.tick_now();
        loop {
            let rest = bytes.get(at..).unwrap_or_default();
            match frame::split(rest, self.limits.frame) {
                Ok(Some(frame)) => {
                    let whole = rest.get(..frame.size).unwrap_or_default();
                    self.deliver_one(frame, whole, now);
                    at += frame.size;
                }
                Ok(None) => break,
                Err(error) => return (at, Err(error)),
            }
        }
        (at, Ok(()))
    }

    #[inline]
    fn deliver_one(&mut self, frame: Frame<'_>, whole: &[u8], now: u64) {
        let id = frame.id();
        let context = match self.ids.route(id) {
            Route::Context(at) => read_u32(frame.payload, at),
            Route::Event => return self.deliver_event(id, frame.payload),
        };
        let Some(call) = context else {
            return self.stray(id, None);
        };
        let used = self.memory();
        let Some(slot) = self.calls.get_mut(call).filter(|slot| slot.is_waiting()) else {
            return self.for_nobody(id, call);
        };
        let is_item = slot.expect.item == Some(id);
        if !is_item && slot.expect.end != Some(id) {
            if slot.expect.stray != Some(id) {
                self.unexpected(id, call);
            }
            return;
        }
        let limit = slot.expect.limit;
        if is_item && slot.buffer.len() + whole.len() > limit {
            return self.overflow(call, "the unread bytes of this dump", limit);
        }
        let limit = self.limits.memory;
        if used.saturating_add(whole.len()) > limit {
            return self.overflow(call, "the client's memory, in bytes,", limit);
        }
        slot.buffer.extend_from_slice(whole);
        self.buffered += whole.len();
        self.counters.replies += 1;
        if is_item {
            self.woken.extend(slot.waker.take());
            slot.extend(now);
        } else {
            slot.state = SlotState::Ended;
            let waker = slot.waker.take();
            let registration = slot.expect.registration;
            self.woken.extend(waker);
            self.calls.note_settled();
            if let Some(registration) = registration {
                self.registration_settled(registration, call);
            }
        }
    }

    /// A frame for a call that nobody waits for.
    #[cold]
    fn for_nobody(&mut self, id: u16, call: CallId) {
        if self.take_unregistered(id, call) {
            return;
        }
        if self.calls.was_issued(call) {
            self.counters.late_replies += 1;
            tracing::debug!(context = call, id, "late reply discarded");
        } else if call != super::NOBODY {
            self.stray(id, Some(call));
        }
    }

    #[cold]
    fn stray(&mut self, id: u16, context: Option<CallId>) {
        self.counters.stray_frames += 1;
        tracing::debug!(context, frame = %self.name(id), "stray frame discarded");
    }

    #[cold]
    fn unexpected(&mut self, id: u16, call: CallId) {
        let Some(slot) = self.calls.get_mut(call) else {
            return;
        };
        let (item, end) = (slot.expect.item, slot.expect.end);
        let expected: Vec<_> = [item, end].into_iter().flatten().collect();
        let expected: Vec<_> = expected.into_iter().map(|id| self.name(id)).collect();
        let expected = expected.join(" or ");
        let found = self.name(id);
        self.fail(call, Failure::Unexpected { expected, found });
    }

    #[cold]
    fn overflow(&mut self, call: CallId, what: &'static str, limit: usize) {
        self.fail(call, Failure::Overflow { what, limit });
    }

    fn fail(&mut self, call: CallId, failure: Failure) {
        self.calls
            .settle(call, SlotState::Failed(Box::new(failure)));
        self.settled(call);
    }

    #[cold]
    fn name(&self, id: u16) -> String {
        match self.table.key(id) {
            Some(key) => format!("{key} (id {id})"),
            None => format!("id {id}"),
        }
    }
}

/// A number in network byte order; `None` where the payload does not reach that far.
#[inline]
pub(crate) fn read_u32(payload: &[u8], at: usize) -> Option<u32> {
    let bytes = payload.get(at..)?.first_chunk()?;
    Some(u32::from_be_bytes(*bytes))
}

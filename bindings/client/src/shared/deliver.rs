//! Dispatches incoming frames.

use vpp_wire::frame::{self, Frame, FrameError};

use super::inner::Inner;
use crate::event_registry::Progress;
use crate::in_flight::{CallId, Failure, NO_CALL, SlotState};
use crate::table::ids::Route;

impl Inner {
    /// Dispatches every whole frame of `bytes`. Returns how many bytes they have.
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
        if let Some(recorder) = &mut self.recorder {
            recorder.received(frame.payload);
        }
        let id = frame.id();
        let context = match self.ids.route(id) {
            Route::Context(at) => read_u32(frame.payload, at),
            Route::Event => return self.deliver_event(id, frame.payload),
        };
        let Some(call) = context else {
            return self.count_stray(id, None);
        };
        let used = self.memory();
        let Some(slot) = self.calls.get_mut(call).filter(|slot| slot.is_waiting()) else {
            return self.count_discarded(id, call);
        };
        let is_item = slot.expect.item == Some(id);
        if !is_item && slot.expect.end != Some(id) {
            if slot.expect.stray != Some(id) {
                self.fail_unexpected(id, call);
            }
            return;
        }
        let limit = slot.expect.limit;
        if is_item && slot.buffer.len() + whole.len() > limit {
            return self.fail_overflow(call, "the unread bytes of this dump", limit);
        }
        let limit = self.limits.memory;
        if used.saturating_add(whole.len()) > limit {
            return self.fail_overflow(call, "the client's memory, in bytes,", limit);
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

    /// Dispatches an event to its subscribers.
    pub(crate) fn deliver_event(&mut self, id: u16, payload: &[u8]) {
        self.counters.events += 1;
        let mut room = self.limits.memory.saturating_sub(self.memory());
        let mut taken = 0;
        let events = &mut self.events;
        let Some(route) = events.routes.get(&id) else {
            return;
        };
        let pid = route.pid_at.and_then(|at| read_u32(payload, at));
        let registration = pid.and_then(|pid| route.by_pid.get(&pid));
        // If the event has no `pid` of a registration, its fields select the registrations.
        let (one, all) = match registration {
            Some(one) => (Some(one), None),
            None => (None, Some(route.by_pid.values())),
        };
        let registrations = one.into_iter().chain(all.into_iter().flatten());
        let members = registrations
            .filter_map(|at| events.registrations.get(*at))
            .filter(|registration| one.is_some() || registration.request.selects(payload))
            .flat_map(|registration| &registration.members);
        for at in members.chain(&route.listeners) {
            let Some(subscriber) = events.subscribers.get_mut(*at) else {
                continue;
            };
            if matches!(subscriber.progress, Progress::Ended(_)) {
                continue;
            }
            let bytes = subscriber.queue.push(payload, room);
            if bytes == 0 {
                self.counters.events_lost += 1;
            }
            room -= bytes;
            taken += bytes;
            self.woken.extend(subscriber.waker.take());
        }
        self.hold(taken);
    }

    /// Counts a frame that does not belong to a waiting call.
    #[cold]
    fn count_discarded(&mut self, id: u16, call: CallId) {
        if self.take_unregistered(id, call) {
            return;
        }
        if self.calls.was_issued(call) {
            self.counters.late_replies += 1;
            tracing::debug!(context = call, id, "late reply discarded");
        } else if call != NO_CALL {
            self.count_stray(id, Some(call));
        }
    }

    #[cold]
    fn count_stray(&mut self, id: u16, context: Option<CallId>) {
        self.counters.stray_frames += 1;
        tracing::debug!(context, frame = %self.name(id), "stray frame discarded");
    }

    #[cold]
    fn fail_unexpected(&mut self, id: u16, call: CallId) {
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
    fn fail_overflow(&mut self, call: CallId, what: &'static str, limit: usize) {
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

/// A number in network byte order, or `None` if the payload is too short.
#[inline]
fn read_u32(payload: &[u8], at: usize) -> Option<u32> {
    let bytes = payload.get(at..)?.first_chunk()?;
    Some(u32::from_be_bytes(*bytes))
}

//! The calls in flight.
//!
//! Contexts are consecutive numbers. One is reused only after about 4 billion later calls, so a
//! late or repeated answer never reaches another call. The low bits of a context are the index
//! of its slot in a ring that is at most half full. A context whose index is taken by a
//! long-running call is skipped.

mod slot;
mod wheel;

use std::task::Waker;

use tokio::time::Instant;

use slot::Slot;
pub(crate) use slot::{CallId, Expectation, Failure, NO_CALL, SlotState};
use wheel::{END, Wheel, deadline};

/// How many calls can be in flight at once.
pub(crate) const MAX_CALLS: usize = 1 << 18;
/// The first context of a call. Smaller ones are reserved.
const FIRST: CallId = 16;
const SMALLEST: usize = 512;
/// How many unused slots are kept.
const POOL: usize = 512;

/// The calls in flight.
pub(crate) struct InFlight {
    ring: Vec<Option<Box<Slot>>>,
    /// The bits of a context that are its index in the ring.
    mask: usize,
    used: usize,
    /// How many calls are in [`SlotState::Waiting`].
    waiting: usize,
    last: CallId,
    /// The contexts of this connection start after this one.
    first: CallId,
    #[expect(clippy::vec_box, reason = "the boxes move to the ring and back")]
    pool: Vec<Box<Slot>>,
    wheel: Wheel,
    /// The last tick that was computed, and when it ends.
    tick: u64,
    tick_end: Instant,
    /// How many calls must end before the next attempt to shrink the ring.
    shrink_after: usize,
}

/// The remains of a released call.
pub(crate) struct ReleasedCall {
    /// The waker, to drop once the lock is released.
    pub(crate) waker: Option<Waker>,
    /// How many unread bytes were discarded.
    pub(crate) unread: usize,
}

impl InFlight {
    pub(crate) fn new(now: Instant) -> Self {
        Self {
            ring: vacant(SMALLEST),
            mask: SMALLEST - 1,
            used: 0,
            waiting: 0,
            last: FIRST,
            first: FIRST,
            pool: Vec::new(),
            wheel: Wheel::new(now),
            tick: 0,
            tick_end: now,
            shrink_after: 0,
        }
    }

    /// The context of the next call, or `None` if too many calls are in flight.
    #[inline]
    pub(crate) fn next_context(&mut self) -> Option<CallId> {
        if 2 * self.used >= self.ring.len() {
            if self.used >= MAX_CALLS {
                return None;
            }
            self.resize(2 * self.ring.len());
        }
        Some(self.free_context())
    }

    /// Adds a call with a context from [`next_context`](Self::next_context). Its timeout starts at
    /// the tick `now`, and its request ends at the byte `sent`. Returns the tick of its deadline.
    #[inline]
    pub(crate) fn add(&mut self, context: CallId, expect: Expectation, now: u64, sent: u64) -> u64 {
        let mut slot = self.pool.pop().unwrap_or_else(|| Box::new(Slot::new()));
        let tick = deadline(now, expect.timeout);
        slot.context = context;
        slot.state = SlotState::Waiting;
        slot.expect = expect;
        slot.sent = sent;
        slot.tick = tick;
        self.link(&mut slot);
        let at = self.at(context);
        if let Some(place) = self.ring.get_mut(at) {
            *place = Some(slot);
        }
        self.used += 1;
        self.waiting += 1;
        tick
    }

    /// The next context whose index in the ring is free.
    #[inline]
    fn free_context(&mut self) -> CallId {
        loop {
            self.last = self.last.wrapping_add(1);
            let is_free = self
                .ring
                .get(self.at(self.last))
                .is_some_and(Option::is_none);
            if is_free && self.last >= FIRST {
                return self.last;
            }
        }
    }

    /// The index of a context in the ring.
    #[inline]
    fn at(&self, context: CallId) -> usize {
        context as usize & self.mask
    }

    /// The slot of a call, unless it was released.
    #[inline]
    pub(crate) fn get_mut(&mut self, call: CallId) -> Option<&mut Slot> {
        let at = self.at(call);
        let slot = self.ring.get_mut(at)?.as_deref_mut()?;
        (slot.context == call).then_some(slot)
    }

    /// Whether this connection has had a call with this context.
    pub(crate) fn was_issued(&self, context: CallId) -> bool {
        let age = self.last.wrapping_sub(context);
        age < self.last.wrapping_sub(self.first)
    }

    /// How many calls are waiting.
    #[inline]
    pub(crate) fn waiting(&self) -> usize {
        self.waiting
    }

    /// Whether another call can be added.
    pub(crate) fn has_room(&self) -> bool {
        self.used < MAX_CALLS
    }

    /// Moves a waiting call to another state.
    #[inline]
    pub(crate) fn settle(&mut self, call: CallId, state: SlotState) {
        if let Some(slot) = self.get_mut(call)
            && slot.is_waiting()
        {
            slot.state = state;
            self.waiting -= 1;
        }
    }

    /// Notes that the caller has moved a call out of [`SlotState::Waiting`].
    #[inline]
    pub(crate) fn note_settled(&mut self) {
        self.waiting -= 1;
    }

    /// The current tick. It is cached, because many calls are made in one tick.
    #[inline]
    pub(crate) fn tick_now(&mut self) -> u64 {
        let now = Instant::now();
        if now >= self.tick_end {
            self.tick = self.wheel.tick_at(now);
            self.tick_end = self.wheel.time_of(self.tick + 1).unwrap_or(now);
        }
        self.tick
    }

    /// The tick of a point in time.
    pub(crate) fn tick_at(&self, now: Instant) -> u64 {
        self.wheel.tick_at(now)
    }

    /// Removes a call. Later answers to it are discarded.
    #[inline]
    pub(crate) fn release(&mut self, call: CallId) -> Option<ReleasedCall> {
        let at = self.at(call);
        let place = self.ring.get_mut(at)?;
        let mut slot = place.take_if(|slot| slot.context == call)?;
        self.unlink(&mut slot);
        self.used -= 1;
        if slot.is_waiting() {
            self.waiting -= 1;
        }
        let released = ReleasedCall {
            waker: slot.waker.take(),
            unread: slot.buffer.len(),
        };
        if self.pool.len() < POOL {
            slot.recycle();
            self.pool.push(slot);
        }
        self.shrink();
        Some(released)
    }

    /// Fails the waiting calls whose deadline is over, and adds them to `expired`.
    pub(crate) fn expire(&mut self, now: Instant, expired: &mut Vec<CallId>) {
        let tick = self.wheel.tick_at(now);
        while let Some(mut call) = self.wheel.advance(tick) {
            while call != END {
                let at = self.at(call);
                let slot = self.ring.get_mut(at).and_then(Option::take);
                let Some(mut slot) = slot else {
                    break;
                };
                let this = call;
                slot.bucket = None;
                call = slot.next;
                if !slot.is_waiting() {
                    // The result waits to be read. There is no deadline.
                } else if self.wheel.is_over(slot.tick) {
                    slot.state = SlotState::Failed(Box::new(Failure::Timeout));
                    self.waiting -= 1;
                    expired.push(this);
                } else {
                    self.link(&mut slot);
                }
                if let Some(place) = self.ring.get_mut(at) {
                    *place = Some(slot);
                }
            }
        }
    }

    /// When to call [`expire`](Self::expire) next, never later than the next deadline.
    pub(crate) fn next_deadline(&self) -> Option<Instant> {
        self.wheel.time_of(self.next_tick()?)
    }

    /// The tick of [`next_deadline`](Self::next_deadline).
    pub(crate) fn next_tick(&self) -> Option<u64> {
        self.wheel.next_tick()
    }

    /// When a tick is over, or `None` beyond the clock's range.
    pub(crate) fn time_of(&self, tick: u64) -> Option<Instant> {
        self.wheel.time_of(tick)
    }

    /// All waiting calls.
    pub(crate) fn all_waiting(&self) -> Vec<CallId> {
        let slots = self.ring.iter().flatten();
        let waiting = slots.filter(|slot| slot.is_waiting());
        waiting.map(|slot| slot.context).collect()
    }

    /// Starts a connection. Earlier contexts belong to an earlier connection.
    pub(crate) fn begin(&mut self) {
        self.first = self.last;
    }

    /// Adds a call to the list of its deadline. The call must not be in the ring.
    #[inline]
    fn link(&mut self, slot: &mut Slot) {
        let bucket = self.wheel.bucket(slot.tick);
        let head = self.wheel.head(bucket).map_or(END, |head| *head);
        slot.bucket = Some(bucket);
        slot.previous = END;
        slot.next = head;
        if let Some(head) = self.get_mut(head) {
            head.previous = slot.context;
        }
        self.wheel.set_head(bucket, slot.context);
    }

    /// Removes a call from its list. The call must not be in the ring.
    #[inline]
    fn unlink(&mut self, slot: &mut Slot) {
        let Some(bucket) = slot.bucket.take() else {
            return;
        };
        match self.get_mut(slot.previous) {
            Some(previous) => previous.next = slot.next,
            None => self.wheel.set_head(bucket, slot.next),
        }
        if let Some(next) = self.get_mut(slot.next) {
            next.previous = slot.previous;
        }
    }

    fn resize(&mut self, size: usize) {
        let old = std::mem::replace(&mut self.ring, vacant(size));
        self.mask = size - 1;
        for slot in old.into_iter().flatten() {
            let at = self.at(slot.context);
            if let Some(place) = self.ring.get_mut(at) {
                *place = Some(slot);
            }
        }
    }

    /// Shrinks the ring after a burst. If two calls would have the same index, the next attempt
    /// is made after many other calls have ended.
    #[inline]
    fn shrink(&mut self) {
        if self.ring.len() <= SMALLEST || 8 * self.used > self.ring.len() {
            return;
        }
        if self.used == 0 {
            self.shrink_after = 0;
            return self.resize(SMALLEST);
        }
        match self.shrink_after.checked_sub(1) {
            Some(left) => self.shrink_after = left,
            None => self.try_to_shrink(),
        }
    }

    #[cold]
    fn try_to_shrink(&mut self) {
        self.shrink_after = self.ring.len() / 64;
        let (half, end) = self.ring.split_at(self.ring.len() / 2);
        if half
            .iter()
            .zip(end)
            .any(|(a, b)| a.is_some() && b.is_some())
        {
            return;
        }
        let half = half.len();
        self.resize(half);
        self.shrink_after = 0;
    }
}

fn vacant(size: usize) -> Vec<Option<Box<Slot>>> {
    std::iter::repeat_with(|| None).take(size).collect()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::slot::KEEP;
    use super::*;

    fn expect() -> Expectation {
        Expectation::nothing(Duration::from_secs(1))
    }

    fn add(calls: &mut InFlight) -> CallId {
        add_with(calls, expect())
    }

    fn add_with(calls: &mut InFlight, expect: Expectation) -> CallId {
        let context = calls.next_context().unwrap();
        calls.add(context, expect, 0, 0);
        context
    }

    #[test]
    fn released_context_is_not_reused_within_a_million_calls() {
        let now = Instant::now();
        let mut calls = InFlight::new(now);
        let released = add(&mut calls);
        calls.release(released);
        for _ in 0..1_000_000 {
            let call = add(&mut calls);
            assert_ne!(call, released);
            assert!(calls.get_mut(released).is_none());
            calls.release(call);
        }
        assert!(calls.was_issued(released));
        assert_eq!((calls.waiting(), calls.ring.len()), (0, SMALLEST));
    }

    #[test]
    fn contexts_wrap_and_skip_a_long_running_call() {
        let now = Instant::now();
        let mut calls = InFlight::new(now);
        calls.last = u32::MAX - 40;
        let long = add(&mut calls);
        for _ in 0..200 {
            let call = add(&mut calls);
            assert!(call >= FIRST && call != long);
            calls.release(call);
        }
        calls.last = long.wrapping_sub(1);
        assert_ne!(add(&mut calls), long);
        assert!(calls.get_mut(long).is_some());
    }

    #[test]
    fn memory_of_a_burst_is_freed() {
        let now = Instant::now();
        let mut calls = InFlight::new(now);
        let burst: Vec<_> = (0..200_000).map(|_| add(&mut calls)).collect();
        let stuck = burst[7];
        for call in burst.into_iter().filter(|call| *call != stuck) {
            calls.get_mut(call).unwrap().buffer = vec![0; 5000];
            calls.release(call);
        }
        assert!(calls.ring.len() <= 8 * SMALLEST, "{}", calls.ring.len());
        assert!(calls.pool.len() <= POOL);
        assert!(calls.pool.iter().all(|slot| slot.buffer.capacity() <= KEEP));
        assert!(calls.get_mut(stuck).is_some());
    }

    #[test]
    fn no_call_is_added_at_the_limit_until_one_is_released() {
        let now = Instant::now();
        let mut calls = InFlight::new(now);
        let all: Vec<_> = (0..MAX_CALLS).map(|_| add(&mut calls)).collect();
        assert_eq!(calls.next_context(), None);
        calls.release(all[7]);
        assert!(calls.next_context().is_some());
    }

    #[test]
    fn every_deadline_expires_once_and_not_early() {
        let start = Instant::now();
        let mut calls = InFlight::new(start);
        // From a millisecond to three years, unordered, some extended and some released.
        let mut deadlines = std::collections::BTreeMap::new();
        let mut number = 7u64;
        for index in 0..3_000u32 {
            number = number
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            let mut millis = (number >> 33) % (1 << (1 + index % 37));
            let expect = Expectation::nothing(Duration::from_millis(millis));
            let call = add_with(&mut calls, expect);
            if index % 5 == 0 {
                calls.get_mut(call).unwrap().extend(100);
                millis += 100;
            }
            if index % 7 == 0 {
                calls.release(call);
            } else {
                deadlines.insert(call, start + Duration::from_millis(millis));
            }
        }
        while let Some(next) = calls.next_deadline() {
            let mut expired = Vec::new();
            calls.expire(next, &mut expired);
            for call in expired {
                assert!(deadlines.remove(&call).unwrap() <= next);
                calls.release(call);
            }
            let late = next.checked_sub(Duration::from_millis(1)).unwrap();
            assert_eq!(deadlines.values().find(|deadline| **deadline <= late), None);
        }
        assert!(deadlines.is_empty());
    }
}

//! The calls in flight.
//!
//! A context is a slot's number and its generation. A slot gets a new generation each
//! time it is given away, so that an answer that comes late meets a stranger and is
//! thrown away. Slots whose answer never came rest at the end of a queue before they
//! are used again; those that were answered are used again at once, while warm.

use std::collections::VecDeque;
use std::mem;
use std::task::Waker;
use std::time::Duration;

use tokio::time::Instant;

use crate::Error;

const INDEX_BITS: u32 = 18;
/// The generations of one slot; 0 is never given, and bit 31 of a context stays clear.
const GENERATIONS: u32 = 1 << (31 - INDEX_BITS);
const INDEX_MASK: u32 = (1 << INDEX_BITS) - 1;
/// How many calls can be in flight at once.
pub(crate) const MAX_SLOTS: usize = 1 << INDEX_BITS;
/// How many slots rest before the first of them is used again.
const RESTING: usize = 1024;
/// The largest buffer that a slot keeps for its next call.
const KEEP: usize = 64 << 10;
/// How long a dropped dump may take to end before its slot is taken back.
const DRAIN: Duration = Duration::from_secs(60);

/// A slot in one generation, as VPP echoes it.
pub(crate) type CallId = u32;

/// What a call waits for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Expect {
    /// The message that may come any number of times.
    pub(crate) item: Option<u16>,
    /// The message that may come among them and means nothing.
    pub(crate) stray: Option<u16>,
    /// The message that ends the call.
    pub(crate) end: u16,
    /// How long VPP may stay silent.
    pub(crate) timeout: Duration,
    /// How many bytes may wait to be read.
    pub(crate) limit: usize,
    /// The registration that waits, where it is not a future.
    pub(crate) registration: Option<u64>,
}

pub(crate) struct Slot {
    generation: u32,
    pub(crate) state: SlotState,
    pub(crate) expect: Expect,
    pub(crate) deadline: Instant,
    pub(crate) waker: Option<Waker>,
    /// Whole frames, as they came and not yet read.
    pub(crate) buffer: Vec<u8>,
}

#[derive(Debug)]
pub(crate) enum SlotState {
    Free,
    Waiting,
    /// The end is in the buffer.
    Ended,
    Failed(Failure),
    /// Nobody waits any more, and VPP is still sending.
    Draining,
}

#[derive(Debug)]
pub(crate) enum Failure {
    Timeout,
    Lost(Option<Error>),
    Overflow,
    Unexpected { expected: String, found: String },
}

#[derive(Default)]
pub(crate) struct Slots {
    slots: Vec<Slot>,
    free: Vec<u32>,
    resting: VecDeque<u32>,
    /// How many are [`SlotState::Waiting`].
    waiting: usize,
}

impl Slots {
    /// Takes a slot; `None` when all are taken.
    #[inline]
    pub(crate) fn take(&mut self, expect: Expect, deadline: Instant) -> Option<CallId> {
        let rested = self.resting.len() > RESTING || self.slots.len() >= MAX_SLOTS;
        let index = match self.free.pop() {
            Some(index) => index,
            None if rested && !self.resting.is_empty() => self.resting.pop_front()?,
            None => self.grow(expect, deadline)?,
        };
        let slot = self.slots.get_mut(index as usize)?;
        slot.state = SlotState::Waiting;
        slot.expect = expect;
        slot.deadline = deadline;
        slot.waker = None;
        slot.buffer.clear();
        self.waiting += 1;
        Some(slot.generation << INDEX_BITS | index)
    }

    fn grow(&mut self, expect: Expect, deadline: Instant) -> Option<u32> {
        let index = u32::try_from(self.slots.len()).ok()?;
        if self.slots.len() >= MAX_SLOTS {
            return None;
        }
        self.slots.push(Slot {
            generation: 1,
            state: SlotState::Free,
            expect,
            deadline,
            waker: None,
            buffer: Vec::new(),
        });
        Some(index)
    }

    /// The slot of a call, unless it was given away since.
    #[inline]
    pub(crate) fn get_mut(&mut self, call: CallId) -> Option<&mut Slot> {
        let index = call & INDEX_MASK;
        let slot = self.slots.get_mut(index as usize)?;
        (slot.generation == call >> INDEX_BITS).then_some(slot)
    }

    /// How many calls wait for an answer, those that nobody waits for left out.
    pub(crate) fn waiting(&self) -> usize {
        self.waiting
    }

    /// Moves a call that waits to its end.
    #[inline]
    pub(crate) fn settle(&mut self, call: CallId, state: SlotState) {
        if let Some(slot) = self.get_mut(call)
            && matches!(slot.state, SlotState::Waiting)
        {
            slot.state = state;
            self.waiting -= 1;
        }
    }

    /// Gives a slot back. What VPP still sends for it is thrown away.
    #[inline]
    pub(crate) fn release(&mut self, call: CallId) {
        let Some(slot) = self.get_mut(call) else {
            return;
        };
        let state = mem::replace(&mut slot.state, SlotState::Free);
        slot.waker = None;
        if slot.buffer.capacity() > KEEP {
            slot.buffer = Vec::new();
        }
        let answers_may_come = match state {
            SlotState::Free => return,
            SlotState::Waiting => true,
            SlotState::Failed(Failure::Lost(_)) | SlotState::Ended => false,
            SlotState::Failed(_) | SlotState::Draining => true,
        };
        if matches!(state, SlotState::Waiting) {
            self.waiting -= 1;
        }
        self.put_back(call, answers_may_come);
    }

    /// Gives a slot back whose items VPP may still be sending: it is kept until they end.
    pub(crate) fn drain(&mut self, call: CallId, now: Instant) -> Option<Instant> {
        let slot = self.get_mut(call)?;
        match slot.state {
            SlotState::Waiting => self.waiting -= 1,
            SlotState::Draining | SlotState::Failed(Failure::Timeout | Failure::Overflow) => {}
            _ => {
                self.release(call);
                return None;
            }
        }
        let slot = self.get_mut(call)?;
        slot.state = SlotState::Draining;
        slot.waker = None;
        slot.buffer = Vec::new();
        slot.deadline = now + DRAIN;
        Some(slot.deadline)
    }

    /// Frees a drained slot: its end has come, and nothing follows.
    pub(crate) fn drained(&mut self, call: CallId) {
        if let Some(slot) = self.get_mut(call) {
            slot.state = SlotState::Free;
            self.put_back(call, false);
        }
    }

    fn put_back(&mut self, call: CallId, answers_may_come: bool) {
        let index = call & INDEX_MASK;
        // The generation moves on now: whatever comes from here on is for nobody.
        if let Some(slot) = self.slots.get_mut(index as usize) {
            slot.generation = slot.generation % (GENERATIONS - 1) + 1;
        }
        if answers_may_come {
            self.resting.push_back(index);
        } else {
            self.free.push(index);
        }
    }

    /// Fails what is overdue. Tells when to look again.
    pub(crate) fn expire(&mut self, now: Instant, woken: &mut Vec<CallId>) -> Option<Instant> {
        let mut next: Option<Instant> = None;
        for index in 0..self.slots.len() {
            let Some((call, slot)) = self.at(index) else {
                continue;
            };
            let overdue = slot.deadline <= now;
            let deadline = slot.deadline;
            match (&slot.state, overdue) {
                (SlotState::Waiting, true) => {
                    self.settle(call, SlotState::Failed(Failure::Timeout));
                    woken.push(call);
                }
                (SlotState::Draining, true) => self.release(call),
                (SlotState::Waiting | SlotState::Draining, false) => {
                    next = Some(next.map_or(deadline, |next| next.min(deadline)));
                }
                _ => {}
            }
        }
        next
    }

    /// Fails everything: the connection is gone.
    pub(crate) fn lose(&mut self, cause: Option<&Error>, woken: &mut Vec<CallId>) {
        for index in 0..self.slots.len() {
            let Some((call, slot)) = self.at(index) else {
                continue;
            };
            match slot.state {
                SlotState::Waiting => {
                    let cause = cause.map(Error::share);
                    self.settle(call, SlotState::Failed(Failure::Lost(cause)));
                    woken.push(call);
                }
                SlotState::Draining => self.drained(call),
                _ => {}
            }
        }
        // No answer of the old connection can come any more.
        self.free.extend(self.resting.drain(..));
    }

    fn at(&mut self, index: usize) -> Option<(CallId, &mut Slot)> {
        let slot = self.slots.get_mut(index)?;
        let call = slot.generation << INDEX_BITS | u32::try_from(index).ok()?;
        Some((call, slot))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expect() -> Expect {
        Expect {
            item: None,
            stray: None,
            end: 1,
            timeout: Duration::from_secs(1),
            limit: 1,
            registration: None,
        }
    }

    #[test]
    fn a_call_that_was_given_up_does_not_come_back_soon() {
        let mut slots = Slots::default();
        let now = Instant::now();
        let given_up = slots.take(expect(), now).unwrap();
        slots.release(given_up);
        for _ in 0..4 * GENERATIONS {
            let call = slots.take(expect(), now).unwrap();
            assert_ne!(call, given_up);
            assert_eq!(call >> 31, 0);
            assert!(slots.get_mut(given_up).is_none());
            slots.settle(call, SlotState::Ended);
            slots.release(call);
        }
        assert_eq!(slots.waiting(), 0);
    }

    #[test]
    fn slots_run_out_at_the_limit_and_come_back() {
        let mut slots = Slots::default();
        let now = Instant::now();
        let calls: Vec<_> = (0..MAX_SLOTS)
            .map(|_| slots.take(expect(), now).unwrap())
            .collect();
        assert_eq!(slots.take(expect(), now), None);
        slots.release(calls[7]);
        assert!(slots.take(expect(), now).is_some());
    }
}

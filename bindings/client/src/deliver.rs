//! What comes in, handed to whom it is for.

use std::task::Waker;

use tokio::time::Instant;
use vpp_wire::frame::{self, Frame, FrameError};

use crate::ids::Route;
use crate::shared::{Inner, deadline};
use crate::slots::{CallId, Failure, SlotState};

impl Inner {
    /// Delivers every whole frame of `bytes` and tells how many bytes that were.
    pub(crate) fn deliver(
        &mut self,
        bytes: &[u8],
        max: usize,
        wakers: &mut Vec<Waker>,
    ) -> (usize, Result<(), FrameError>) {
        let mut at = 0;
        // Read once per chunk, and only where a dump needs it.
        let mut now = None;
        loop {
            let rest = bytes.get(at..).unwrap_or_default();
            match frame::split(rest, max) {
                Ok(Some(frame)) => {
                    let whole = rest.get(..frame.size).unwrap_or_default();
                    self.deliver_one(frame, whole, &mut now, wakers);
                    at += frame.size;
                }
                Ok(None) => return (at, Ok(())),
                Err(error) => return (at, Err(error)),
            }
        }
    }

    #[inline]
    fn deliver_one(
        &mut self,
        frame: Frame<'_>,
        whole: &[u8],
        now: &mut Option<Instant>,
        wakers: &mut Vec<Waker>,
    ) {
        let id = frame.id();
        let call = match self.ids.route(id) {
            Route::Context(at) => context(frame.payload, at),
            Route::Event => return self.subscriptions.deliver(id, frame.payload, wakers),
        };
        // A payload without a context, or of a call long gone, is for nobody.
        let Some(call) = call else {
            return;
        };
        let Some(slot) = self.slots.get_mut(call) else {
            if self.is_farewell(id, call) {
                self.farewell_answered = true;
            }
            return;
        };
        match slot.state {
            SlotState::Waiting if slot.expect.item == Some(id) => {
                if slot.buffer.len() + whole.len() > slot.expect.limit {
                    return self.fail(call, Failure::Overflow, wakers);
                }
                slot.buffer.extend_from_slice(whole);
                let now = *now.get_or_insert_with(Instant::now);
                slot.deadline = deadline(now, slot.expect.timeout);
                wakers.extend(slot.waker.take());
            }
            SlotState::Waiting if slot.expect.end == id => {
                slot.buffer.extend_from_slice(whole);
                self.slots.settle(call, SlotState::Ended);
                self.settle(call, wakers);
            }
            SlotState::Waiting if slot.expect.stray == Some(id) => {}
            SlotState::Waiting => {
                let expect = slot.expect;
                let expected = match expect.item {
                    Some(item) => format!("{} or {}", self.name(item), self.name(expect.end)),
                    None => self.name(expect.end),
                };
                let found = self.name(id);
                self.fail(call, Failure::Unexpected { expected, found }, wakers);
            }
            SlotState::Draining if slot.expect.end == id => self.slots.drained(call),
            _ => {}
        }
    }

    fn fail(&mut self, call: CallId, failure: Failure, wakers: &mut Vec<Waker>) {
        self.slots.settle(call, SlotState::Failed(failure));
        self.settle(call, wakers);
    }

    #[cold]
    fn name(&self, id: u16) -> String {
        match self.table.key(id) {
            Some(key) => format!("{key} (id {id})"),
            None => format!("id {id}"),
        }
    }

    /// Fails what is overdue.
    pub(crate) fn expire(&mut self, now: Instant, wakers: &mut Vec<Waker>) {
        let mut calls = Vec::new();
        self.next_deadline = self.slots.expire(now, &mut calls);
        wakers.extend(self.settled(&calls));
    }
}

#[inline]
fn context(payload: &[u8], at: usize) -> Option<CallId> {
    let bytes = payload.get(at..)?.first_chunk()?;
    Some(u32::from_be_bytes(*bytes))
}

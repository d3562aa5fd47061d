use std::mem;
use std::sync::Arc;
use std::task::Waker;
use std::time::Duration;

use tokio::time::Instant;
use vpp_wire::frame;

use super::counters::Counters;
use super::state::{State, StateCell};
use super::watchdog::{self, DueCheck};
use crate::error::{Effect, Error};
use crate::event_registry::EventRegistry;
use crate::in_flight::{CallId, Failure, InFlight, SlotState};
use crate::table::MessageTable;
use crate::table::ids::IdCache;
use crate::trace::{Recorder, TraceOptions};
use crate::wakers::WakerSet;

/// Writes shorter than this are postponed if more requests are expected.
const SMALL_WRITE: usize = 4096;
/// Replaces a timeout that is beyond the clock's range.
const FAR: Duration = Duration::from_secs(30 * 365 * 24 * 3600);

/// The limits of a client.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    /// What is recorded.
    pub(crate) trace: Option<TraceOptions>,
    /// The largest payload in bytes, either way.
    pub(crate) frame: usize,
    /// The unread bytes of one dump.
    pub(crate) dump: usize,
    /// The unread events of one subscription.
    pub(crate) events: usize,
    /// The bytes of requests that the socket has not taken yet.
    pub(crate) writes: usize,
    /// The bytes of everything that waits: answers, events, requests.
    pub(crate) memory: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            trace: None,
            frame: frame::MAX_PAYLOAD,
            dump: 64 << 20,
            events: 1024,
            writes: 64 << 20,
            memory: 256 << 20,
        }
    }
}

/// The state under the lock.
pub(crate) struct Inner {
    pub(crate) limits: Limits,
    /// Frames that the connection has not taken yet.
    pub(crate) outgoing: Vec<u8>,
    /// How many bytes were queued since the connection began.
    pub(super) queued: u64,
    /// How many of them the socket has not taken yet.
    pub(super) pending: usize,
    /// How many bytes of answers and events wait to be read.
    pub(super) buffered: usize,
    pub(crate) calls: InFlight,
    pub(crate) ids: IdCache,
    pub(super) events: EventRegistry,
    pub(crate) table: Arc<MessageTable>,
    pub(crate) client_index: u32,
    /// Counts connections, so that requests of one are not taken for requests of the next.
    pub(super) epoch: u64,
    pub(crate) state: StateCell,
    pub(crate) counters: Counters,
    /// Records messages, if that is on.
    pub(crate) recorder: Option<Box<Recorder>>,
    /// Tasks that wait until a request can be queued.
    pub(crate) ready: WakerSet,
    /// Why the connection was lost.
    pub(crate) lost: Option<Error>,
    /// The waker of the connection's task, while that task sleeps.
    sleeper: Option<Waker>,
    /// Whether frames in `outgoing` wake the sleeper.
    wake_on_send: bool,
    /// Whether the thread that queues a frame also writes it.
    pub(super) flushes: bool,
    /// Whether the sleeper must be woken for another reason.
    pub(super) attention: bool,
    /// The tick at which the connection checks deadlines next.
    armed: Option<u64>,
    /// The tick at which the watchdog checks deadlines next.
    pub(super) watched: Option<u64>,
    /// The tick to pass to the watchdog once the lock is released.
    pub(super) watch: Option<u64>,
    /// Counts how often the connection was polled.
    polls: u64,
    /// Whether the last client was dropped.
    pub(super) clients_dropped: bool,
    /// Whether a client has requested to close the connection.
    pub(super) close_requested: bool,
    pub(super) unregister: Unregister,
    /// Wakers to call once the lock is released.
    pub(crate) woken: Vec<Waker>,
    /// Wakers to drop once the lock is released: dropping a waker can run any code.
    pub(crate) retired: Vec<Waker>,
}

/// The progress of unregistering the client from VPP.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unregister {
    No,
    /// The request is queued. Its answer has this id.
    Requested(u16),
    /// VPP has answered, or the request cannot be sent.
    Done,
}

impl Inner {
    pub(super) fn new(limits: Limits) -> Self {
        Self {
            limits,
            outgoing: Vec::new(),
            queued: 0,
            pending: 0,
            buffered: 0,
            calls: InFlight::new(Instant::now()),
            ids: IdCache::default(),
            events: EventRegistry::default(),
            table: Arc::default(),
            client_index: 0,
            epoch: 0,
            state: StateCell::new(),
            counters: Counters::default(),
            recorder: limits.trace.map(|options| Box::new(Recorder::new(options))),
            ready: WakerSet::default(),
            lost: None,
            sleeper: None,
            wake_on_send: false,
            flushes: false,
            attention: false,
            armed: None,
            watched: None,
            watch: None,
            polls: 0,
            clients_dropped: false,
            close_requested: false,
            unregister: Unregister::No,
            woken: Vec::new(),
            retired: Vec::new(),
        }
    }

    /// Whether there is nothing to do once the lock is released.
    #[inline]
    pub(super) fn is_quiet(&self) -> bool {
        let is_sent = self.outgoing.is_empty() || !(self.wake_on_send || self.flushes);
        let is_awake = self.woken.is_empty() && self.retired.is_empty();
        is_sent && is_awake && !self.attention && self.watch.is_none()
    }

    /// The connection's waker, if the connection must be woken.
    pub(super) fn sleeper_if_needed(&mut self) -> Option<Waker> {
        if self.attention || (self.wake_on_send && !self.outgoing.is_empty()) {
            self.attention = false;
            // Woken once, until it sleeps again.
            self.wake_on_send = false;
            return self.sleeper.take();
        }
        None
    }

    /// Registers the waker of the connection's task. Returns when the connection has to check
    /// deadlines.
    pub(crate) fn sleep(&mut self, waker: &Waker, wake_on_send: bool) -> Option<Instant> {
        self.wake_on_send = wake_on_send;
        self.attention = false;
        self.polls += 1;
        match &mut self.sleeper {
            Some(sleeper) if sleeper.will_wake(waker) => {}
            sleeper => {
                let replaced = sleeper.replace(waker.clone());
                self.retired.extend(replaced);
            }
        }
        // The timer is not moved to a later deadline, because that would happen for every call.
        // Instead it may expire once too early.
        let next = self.calls.next_tick();
        if let Some(next) = next
            && self.armed.is_none_or(|armed| next < armed)
        {
            self.armed = Some(next);
        }
        self.armed.and_then(|armed| self.calls.time_of(armed))
    }

    /// Notes that a deadline was added.
    #[inline]
    pub(super) fn note_deadline(&mut self, tick: u64) {
        if self.armed.is_none_or(|armed| tick < armed) {
            self.attention = true;
        }
        if self.watched.is_none_or(|watched| tick < watched) {
            self.watched = Some(tick);
            self.watch = Some(tick);
        }
    }

    /// Fails the calls whose deadline is over, if the connection was not polled since the
    /// watchdog's last check. Returns when to check again.
    pub(super) fn check_overdue(
        &mut self,
        now: Instant,
        due: DueCheck,
    ) -> Option<(Instant, DueCheck)> {
        if self.watched != Some(due.tick) {
            return None;
        }
        self.watched = None;
        let mut next = self.calls.next_deadline()?;
        if next <= now {
            if due.polls == Some(self.polls) {
                self.expire(now);
            }
            next = self.calls.next_deadline()?.max(now + watchdog::GRACE);
        }
        // Expiring may have queued requests with deadlines of their own.
        self.watch = None;
        let tick = self.calls.tick_at(next);
        self.watched = Some(tick);
        let polls = Some(self.polls);
        Some((next, DueCheck { tick, polls }))
    }

    /// Fails the calls whose deadline is over.
    pub(crate) fn expire(&mut self, now: Instant) {
        self.armed = None;
        let mut expired = Vec::new();
        self.calls.expire(now, &mut expired);
        self.counters.timeouts += expired.len() as u64;
        for call in expired {
            self.settled(call);
        }
        self.check_shutdown();
    }

    /// Starts a connection: resets the ids and requests the events again.
    pub(crate) fn connected(&mut self, client_index: u32, table: MessageTable) {
        self.ids.clear();
        self.client_index = client_index;
        self.table = Arc::new(table);
        if let Some(recorder) = &mut self.recorder {
            recorder.connected(&self.table);
        }
        self.epoch += 1;
        self.counters.connects += 1;
        self.lost = None;
        self.outgoing.clear();
        self.queued = 0;
        self.pending = 0;
        self.calls.begin();
        self.resubscribe();
        self.set_state(State::Connected);
    }

    /// Ends the connection: fails everything that waits for VPP.
    pub(crate) fn disconnected(&mut self, cause: Error, state: State) {
        self.outgoing = Vec::new();
        self.armed = None;
        self.lost = Some(cause);
        let written = self.queued - mem::take(&mut self.pending) as u64;
        for call in self.calls.all_waiting() {
            let Some(slot) = self.calls.get_mut(call) else {
                continue;
            };
            let needs_connection = slot.expect.end.is_some();
            if !needs_connection && state != State::Closed {
                continue;
            }
            // VPP does not execute a frame that the kernel has not taken completely.
            let effect = if slot.sent > written || !needs_connection {
                Effect::NotSent
            } else {
                Effect::Unknown
            };
            let cause = self.lost.clone();
            let failure = Failure::Lost { effect, cause };
            self.calls
                .settle(call, SlotState::Failed(Box::new(failure)));
            self.settled(call);
        }
        if state == State::Closed {
            self.end_subscriptions();
        }
        self.set_state(state);
    }

    /// Changes the state and wakes the tasks that wait for a change.
    pub(crate) fn set_state(&mut self, state: State) {
        self.state.set(state, &mut self.woken);
        self.ready.take_all(&mut self.woken);
    }

    /// Wakes the task of a call that is no longer waiting, or completes its registration for
    /// events.
    #[inline]
    pub(crate) fn settled(&mut self, call: CallId) {
        let Some(slot) = self.calls.get_mut(call) else {
            return;
        };
        match slot.expect.registration {
            None => {
                let waker = slot.waker.take();
                self.woken.extend(waker);
            }
            Some(registration) => self.registration_settled(registration, call),
        }
    }

    /// Ends a call in any state.
    #[inline]
    pub(crate) fn release(&mut self, call: CallId) {
        if let Some(released) = self.calls.release(call) {
            self.buffered -= released.unread;
            self.retired.extend(released.waker);
            self.wake_ready();
            self.check_shutdown();
        }
    }

    /// Adds to the bytes that wait to be read. The caller has checked the limit.
    #[inline]
    pub(crate) fn hold(&mut self, bytes: usize) {
        self.buffered += bytes;
    }

    /// Subtracts from the bytes that wait to be read: they were read or discarded.
    #[inline]
    pub(crate) fn free(&mut self, bytes: usize) {
        self.buffered = self.buffered.saturating_sub(bytes);
        self.wake_ready();
    }

    /// How many bytes wait: answers, events and requests.
    #[inline]
    pub(crate) fn memory(&self) -> usize {
        self.buffered + self.pending
    }

    /// Notes how many more bytes the socket has taken.
    pub(crate) fn note_written(&mut self, bytes: usize) {
        self.pending = self.pending.saturating_sub(bytes);
        self.counters.bytes_sent += bytes as u64;
        self.wake_ready();
    }

    /// Wakes the tasks that wait until a request can be queued, if one can.
    #[inline]
    pub(super) fn wake_ready(&mut self) {
        if !self.ready.is_empty() && self.has_room_to_send() {
            self.ready.take_all(&mut self.woken);
        }
    }

    /// Whether several tasks seem to make calls. If so, a write is postponed until each of them
    /// has run, so that their requests are written together.
    pub(crate) fn expects_more(&self) -> bool {
        (1..SMALL_WRITE).contains(&self.outgoing.len()) && self.calls.waiting() > 1
    }
}

/// The time of a deadline. A timeout beyond the clock's range becomes 30 years.
#[inline]
pub(crate) fn deadline(now: Instant, timeout: Duration) -> Instant {
    now.checked_add(timeout).unwrap_or_else(|| now + FAR)
}

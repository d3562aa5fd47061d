//! What clients and connection share: one lock, held for copies and never for I/O.

pub(crate) mod counters;
pub(crate) mod deliver;
pub(crate) mod ids;
pub(crate) mod process;
pub(crate) mod state;
pub(crate) mod submit;
mod unregister;
pub(crate) mod wakers;
pub(crate) mod watchdog;

use std::mem;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::task::Waker;
use std::time::Duration;

use tokio::time::Instant;

use crate::calls::{Failure, InFlight, SlotState};
use crate::error::Effect;
use crate::events::Registry;
use crate::{Error, MessageTable, State};

use counters::Counters;
use ids::IdCache;
use process::Process;
use state::StateCell;
use unregister::Unregister;
use wakers::WakerSet;

/// A context: the number that VPP echoes in the answer to a request.
pub(crate) type CallId = u32;

/// The context of a request whose answer nobody reads.
pub(crate) const NOBODY: CallId = 0;
/// Writes shorter than this are worth waiting for more.
const SMALL_WRITE: usize = 4096;
/// Stands in for a timeout that is beyond the clock.
const FAR: Duration = Duration::from_secs(30 * 365 * 24 * 3600);

/// The limits of a client.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
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

pub(crate) struct Shared {
    inner: Mutex<Inner>,
    pub(crate) process: Process,
    /// Writes what is queued on the caller's own thread, for blocking clients.
    flush: OnceLock<Waker>,
}

pub(crate) struct Inner {
    pub(crate) limits: Limits,
    /// Frames that the connection has not taken yet.
    pub(crate) outgoing: Vec<u8>,
    /// The bytes queued since the connection began, and how many of them the socket has not
    /// taken yet.
    queued: u64,
    pending: usize,
    /// The bytes of answers and events that wait to be read.
    buffered: usize,
    pub(crate) calls: InFlight,
    pub(crate) ids: IdCache,
    pub(crate) events: Registry,
    pub(crate) table: Arc<MessageTable>,
    pub(crate) client_index: u32,
    /// Counts connections, so that nothing of one is carried into the next.
    pub(crate) epoch: u64,
    pub(crate) state: StateCell,
    pub(crate) counters: Counters,
    /// Tasks that wait for room in the queue.
    pub(crate) ready: WakerSet,
    /// Why there is no connection.
    pub(crate) lost: Option<Error>,
    /// The connection's task, while it sleeps.
    sleeper: Option<Waker>,
    /// Whether the sleeper is to be woken for frames in `outgoing`.
    wake_on_send: bool,
    /// Whether frames in `outgoing` are written by whoever queues them.
    flushes: bool,
    /// Whether the sleeper is to be woken for another reason.
    attention: bool,
    /// The tick at which the connection looks at the deadlines next.
    armed: Option<u64>,
    /// The tick at which the watchdog does.
    watched: Option<u64>,
    /// The tick that the watchdog has to be told.
    watch: Option<u64>,
    /// Counts how often the connection was polled.
    pub(crate) polls: u64,
    /// No client is left.
    abandoned: bool,
    /// A client asked for the end.
    leaving: bool,
    unregister: Unregister,
    /// To be woken once the lock is released.
    pub(crate) woken: Vec<Waker>,
    /// To be dropped once the lock is released: dropping a waker can run any code.
    pub(crate) retired: Vec<Waker>,
}

impl Shared {
    pub(crate) fn new(limits: Limits) -> Arc<Self> {
        let inner = Inner {
            limits,
            outgoing: Vec::new(),
            queued: 0,
            pending: 0,
            buffered: 0,
            calls: InFlight::new(Instant::now()),
            ids: IdCache::default(),
            events: Registry::default(),
            table: Arc::default(),
            client_index: 0,
            epoch: 0,
            state: StateCell::new(),
            counters: Counters::default(),
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
            abandoned: false,
            leaving: false,
            unregister: Unregister::No,
            woken: Vec::new(),
            retired: Vec::new(),
        };
        Arc::new(Self {
            inner: Mutex::new(inner),
            process: Process::current(),
            flush: OnceLock::new(),
        })
    }

    /// A panic of a waker elsewhere leaves nothing half done here.
    #[inline]
    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Runs `work` under the lock. Wakes whoever has to be woken once the lock is released.
    #[inline]
    pub(crate) fn with<T>(self: &Arc<Self>, work: impl FnOnce(&mut Inner) -> T) -> T {
        let mut inner = self.lock();
        let result = work(&mut inner);
        if inner.is_quiet() {
            return result;
        }
        self.wake_after(inner);
        result
    }

    #[inline(never)]
    fn wake_after(self: &Arc<Self>, mut inner: MutexGuard<'_, Inner>) {
        let sleeper = inner.sleeper_if_needed();
        let watch = inner.watch.take();
        // A forked child shares the socket with its parent and has none of its threads.
        let flushes = inner.flushes && !inner.outgoing.is_empty() && self.process.is_current();
        let woken = take_some(&mut inner.woken);
        let retired = take_some(&mut inner.retired);
        drop(inner);
        for waker in sleeper.into_iter().chain(woken) {
            waker.wake();
        }
        drop(retired);
        if flushes && let Some(flush) = self.flush.get() {
            flush.wake_by_ref();
        }
        if let Some(tick) = watch {
            watchdog::watch(self, tick);
        }
    }

    /// As [`with`](Self::with), for the connection itself, which is awake. Wakers to be woken
    /// are added to `woken`.
    #[inline]
    pub(crate) fn with_awake<T>(
        &self,
        woken: &mut Vec<Waker>,
        work: impl FnOnce(&mut Inner) -> T,
    ) -> T {
        let mut inner = self.lock();
        let result = work(&mut inner);
        woken.append(&mut inner.woken);
        let retired = take_some(&mut inner.retired);
        drop(inner);
        drop(retired);
        result
    }

    /// Reads something under the lock.
    pub(crate) fn read<T>(&self, read: impl FnOnce(&Inner) -> T) -> T {
        read(&self.lock())
    }

    /// From now on, `flush` is called after each request is queued.
    #[cfg(feature = "blocking")]
    pub(crate) fn set_flush(&self, flush: Waker) {
        // The first one stays; there is only one driver.
        let _ = self.flush.set(flush);
        self.lock().flushes = true;
    }
}

/// What is in the vector, whose memory is kept where there is nothing.
pub(crate) fn take_some(wakers: &mut Vec<Waker>) -> Vec<Waker> {
    if wakers.is_empty() {
        return Vec::new();
    }
    mem::take(wakers)
}

impl Inner {
    /// Whether nothing has to happen once the lock is released.
    #[inline]
    fn is_quiet(&self) -> bool {
        let is_sent = self.outgoing.is_empty() || !(self.wake_on_send || self.flushes);
        let is_awake = self.woken.is_empty() && self.retired.is_empty();
        is_sent && is_awake && !self.attention && self.watch.is_none()
    }

    /// The connection's waker, if there is something for it to do.
    fn sleeper_if_needed(&mut self) -> Option<Waker> {
        if self.attention || (self.wake_on_send && !self.outgoing.is_empty()) {
            self.attention = false;
            // Woken once, until it sleeps again.
            self.wake_on_send = false;
            return self.sleeper.take();
        }
        None
    }

    /// The connection's task goes to sleep until there is something for it to do. It looks at
    /// the deadlines at the returned time.
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
        // A timer that is set already is not set again for a later deadline: it would be for
        // every call. It looks once in vain instead.
        let next = self.calls.next_tick();
        if let Some(next) = next
            && self.armed.is_none_or(|armed| next < armed)
        {
            self.armed = Some(next);
        }
        self.armed.and_then(|armed| self.calls.time_of(armed))
    }

    /// A deadline was added.
    #[inline]
    fn note_deadline(&mut self, tick: u64) {
        if self.armed.is_none_or(|armed| tick < armed) {
            self.attention = true;
        }
        if self.watched.is_none_or(|watched| tick < watched) {
            self.watched = Some(tick);
            self.watch = Some(tick);
        }
    }

    /// Fails what is overdue.
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

    /// A connection begins: the ids are new, and events are requested again.
    pub(crate) fn connected(&mut self, client_index: u32, table: MessageTable) {
        self.ids.clear();
        self.client_index = client_index;
        self.table = Arc::new(table);
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

    /// The connection has ended: everything that waits for VPP fails.
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
            // A frame that the kernel has not taken whole is never executed.
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

    pub(crate) fn set_state(&mut self, state: State) {
        self.state.set(state, &mut self.woken);
        self.ready.take_all(&mut self.woken);
    }

    /// A call does not wait any more: its task, or its registration for events, takes over.
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

    /// Ends a call, whatever its state.
    #[inline]
    pub(crate) fn release(&mut self, call: CallId) {
        if let Some(released) = self.calls.release(call) {
            self.buffered -= released.unread;
            self.retired.extend(released.waker);
            self.wake_ready();
            self.check_shutdown();
        }
    }

    /// So many more bytes wait to be read; the caller has seen that there is room.
    #[inline]
    pub(crate) fn hold(&mut self, bytes: usize) {
        self.buffered += bytes;
    }

    /// Bytes were read, or nobody reads them any more.
    #[inline]
    pub(crate) fn free(&mut self, bytes: usize) {
        self.buffered = self.buffered.saturating_sub(bytes);
        self.wake_ready();
    }

    /// The bytes that wait: answers, events, requests.
    #[inline]
    pub(crate) fn memory(&self) -> usize {
        self.buffered + self.pending
    }

    /// So many more bytes have reached the socket.
    pub(crate) fn note_written(&mut self, bytes: usize) {
        self.pending = self.pending.saturating_sub(bytes);
        self.counters.bytes_sent += bytes as u64;
        self.wake_ready();
    }

    /// Wakes the tasks that wait for room, if there is room.
    #[inline]
    fn wake_ready(&mut self) {
        if !self.ready.is_empty() && self.has_room_to_send() {
            self.ready.take_all(&mut self.woken);
        }
    }

    /// Whether several tasks make calls, as far as can be told: a write is then worth
    /// postponing until all of them had their turn.
    pub(crate) fn expects_more(&self) -> bool {
        (1..SMALL_WRITE).contains(&self.outgoing.len()) && self.calls.waiting() > 1
    }
}

/// `timeout` from now; a timeout beyond the clock never comes.
#[inline]
pub(crate) fn deadline(now: Instant, timeout: Duration) -> Instant {
    now.checked_add(timeout).unwrap_or_else(|| now + FAR)
}

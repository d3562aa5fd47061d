//! The state that clients and the connection share.
//!
//! One lock protects [`Inner`]. It is held to copy bytes and never during I/O. The methods of
//! `Inner` are grouped by topic in the files of this folder.

mod counters;
mod deliver;
mod inner;
mod process;
mod registrations;
mod state;
mod submit;
mod subscriptions;
mod unregister;
mod watchdog;

use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, Weak};
use std::task::Waker;
use std::time::Duration;

use tokio::time::Instant;
use vpp_wire::Message;

use crate::error::Error;
use crate::in_flight::CallId;
use crate::table::ids::ReplyPattern;
use crate::wakers::take_some;
use process::Process;
use watchdog::{DueCheck, Watched};

pub use counters::Counters;
pub(crate) use inner::{Inner, Limits, deadline};
pub use state::State;
pub(crate) use submit::QueuedRequest;

/// The shared state with its lock.
pub(crate) struct Shared {
    inner: Mutex<Inner>,
    pub(crate) process: Process,
    /// Writes queued bytes on the calling thread, for blocking clients.
    flush: OnceLock<Waker>,
}

impl Shared {
    pub(crate) fn new(limits: Limits) -> Arc<Self> {
        Arc::new(Self {
            inner: Mutex::new(Inner::new(limits)),
            process: Process::current(),
            flush: OnceLock::new(),
        })
    }

    /// Takes the lock. Poisoning is ignored, because no change under the lock is left incomplete.
    #[inline]
    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Runs `work` under the lock. After releasing the lock, wakes the tasks in `woken`.
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
        // A forked child must not write to the socket of its parent.
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
            self.watch(tick);
        }
    }

    /// Like [`with`](Self::with), for the connection itself, which is awake. Adds the wakers to
    /// call to `woken`.
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

    /// Has the watchdog check this client after `tick`.
    #[cold]
    fn watch(self: &Arc<Self>, tick: u64) {
        let at = self.read(|inner| inner.calls.time_of(tick));
        // A deadline beyond the clock's range never expires.
        let Some(at) = at else { return };
        let client: Weak<Self> = Arc::downgrade(self);
        if watchdog::watch(client, at, tick).is_none() {
            // The next call tries again.
            self.lock().watched = None;
        }
    }

    /// Queues a request. The result contains the call that waits for the answer.
    #[inline]
    pub(crate) fn submit<M: Message>(
        self: &Arc<Self>,
        message: &M,
        pattern: &'static ReplyPattern,
        timeout: Duration,
    ) -> Result<QueuedRequest, Error> {
        if !self.process.is_current() {
            return Err(Error::forked(M::NAME));
        }
        let queued = self.with(|inner| inner.submit(message, pattern, timeout));
        if tracing::enabled!(tracing::Level::TRACE)
            && let Ok(QueuedRequest { call, .. }) = queued
        {
            tracing::trace!(context = call, request = ?message, "{}", M::NAME);
        }
        queued
    }

    /// Ends a call in any state.
    #[inline]
    pub(crate) fn release(self: &Arc<Self>, call: CallId) {
        self.with(|inner| inner.release(call));
    }

    /// Runs `read` under the lock.
    pub(crate) fn read<T>(&self, read: impl FnOnce(&Inner) -> T) -> T {
        read(&self.lock())
    }

    /// Sets the waker to call after each queued request.
    #[cfg(feature = "blocking")]
    pub(crate) fn set_flush(&self, flush: Waker) {
        // It is set only once, because there is only one driver.
        let _ = self.flush.set(flush);
        self.lock().flushes = true;
    }
}

impl Watched for Shared {
    fn check(self: Arc<Self>, now: Instant, due: DueCheck) -> Option<(Instant, DueCheck)> {
        self.with(|inner| inner.check_overdue(now, due))
    }
}

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::task::Waker;
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use super::dial::dial;
use super::driver::{Driver, Flush, Nudge};
use crate::connection::{FAREWELL, Health, Setup};
use crate::shared::Shared;
use crate::{Error, State};

/// How long the worker leaves the reading to callers after the last call.
const NAP: Duration = Duration::from_millis(10);
/// The longest wait.
const LONGEST: Duration = Duration::from_secs(3600);

/// The thread that keeps the connection while nobody calls.
pub(super) struct Worker {
    driver: Arc<Driver>,
    thread: Option<JoinHandle<()>>,
}

impl Worker {
    /// Connects, and starts the thread.
    pub(super) fn start(shared: Arc<Shared>, setup: Setup) -> Result<Self, Error> {
        let failed = |error| Error::io("the client's thread cannot be started", error);
        let driver = Driver::new(shared, setup.reconnect.is_some()).map_err(failed)?;
        let driver = Arc::new(driver);
        let mut keeper = Keeper::new(Arc::clone(&driver), setup);
        keeper.connect()?;
        let flush = Flush(Arc::downgrade(&driver));
        driver.shared.set_flush(Waker::from(Arc::new(flush)));
        // What was queued before: requests for events, on a connection made again.
        driver.flush();
        let thread = thread::Builder::new().name("vpp-client".to_owned());
        let thread = thread.spawn(move || keeper.run()).map_err(failed)?;
        let thread = Some(thread);
        Ok(Self { driver, thread })
    }

    /// Waits for a future of this client.
    pub(super) fn block_on<F: Future>(&self, future: F) -> F::Output {
        let mut future = std::pin::pin!(future);
        loop {
            // Without an end there is always a result.
            if let Some(output) = self.driver.block_until(future.as_mut(), None) {
                return output;
            }
        }
    }

    /// Waits for a future of this client until a time.
    pub(super) fn block_until<F: Future>(
        &self,
        future: F,
        until: Option<Instant>,
    ) -> Option<F::Output> {
        self.driver.block_until(future, until)
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        let thread = self.thread.take();
        if !self.driver.shared.process.is_current() {
            // The thread is one of the parent; there is nothing to wait for.
            std::mem::forget(thread);
            return;
        }
        // Async clones may be left; the thread ends with its owner all the same.
        self.driver.shared.with(|inner| inner.leave());
        self.driver.nudge();
        if let Some(thread) = thread {
            // The thread has nothing to report: whoever waited has its error.
            let _ = thread.join();
        }
    }
}

impl fmt::Debug for Worker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Worker")
    }
}

/// What the thread does.
struct Keeper {
    driver: Arc<Driver>,
    setup: Setup,
    waker: Waker,
    health: Option<Health>,
    leave_by: Option<Instant>,
    /// How many attempts in a row have failed.
    failed: u32,
    /// The callers' waits that were counted last.
    waits: u64,
}

impl Keeper {
    fn new(driver: Arc<Driver>, setup: Setup) -> Self {
        let waker = Waker::from(Arc::new(Nudge(Arc::clone(&driver))));
        Self {
            driver,
            setup,
            waker,
            health: None,
            leave_by: None,
            failed: 0,
            waits: 0,
        }
    }

    /// Connects, as often as the policy allows.
    fn connect(&mut self) -> Result<(), Error> {
        loop {
            self.set_state(State::Reconnecting);
            let error = match dial(&self.setup) {
                Ok((link, welcome)) => {
                    self.failed = 0;
                    let now = tokio::time::Instant::now();
                    self.health = self.setup.health.map(|check| Health::new(check, now));
                    self.driver.open(link, welcome);
                    return Ok(());
                }
                Err(error) => error,
            };
            self.failed += 1;
            self.pause(error)?;
        }
    }

    /// Waits for the next attempt; an error if there is none.
    fn pause(&mut self, error: Error) -> Result<(), Error> {
        tracing::debug!(%error, failed_attempts = self.failed, "not connected to VPP");
        let policy = self.setup.reconnect.as_ref();
        let Some(delay) = policy.and_then(|policy| policy.delay(self.failed)) else {
            let cause = error.clone();
            let shared = &self.driver.shared;
            shared.with(|inner| inner.disconnected(cause, State::Closed));
            return Err(error);
        };
        self.set_state(State::Disconnected);
        let end = Instant::now() + delay;
        loop {
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Ok(());
            }
            if self.sleep().is_none() {
                return Err(Error::closed("the client disconnected"));
            }
            self.driver.poll(false, left);
        }
    }

    fn run(mut self) {
        loop {
            self.serve();
            if self.driver.shared.read(|inner| inner.state.get()) == State::Closed {
                return;
            }
            let loss = self.driver.shared.read(|inner| inner.lost.clone());
            let loss = loss.unwrap_or_else(|| Error::closed("the connection was lost"));
            if self.pause(loss).and_then(|()| self.connect()).is_err() {
                self.close();
                return;
            }
            self.driver.flush();
        }
    }

    /// Keeps the connection until it is lost or the client leaves.
    fn serve(&mut self) {
        while self.driver.is_open() {
            let Some(armed) = self.sleep() else {
                if self.leave() {
                    return;
                }
                continue;
            };
            let health = self.health.as_ref().map(|health| health.next.into_std());
            let next = [armed, health].into_iter().flatten().min();
            self.turn(next);
            self.look_at_deadlines();
        }
        self.find_end();
    }

    /// The next deadline; `None` if the client wants to leave.
    fn sleep(&self) -> Option<Option<Instant>> {
        self.driver.shared.with(|inner| {
            let armed = inner.sleep(&self.waker, false);
            let armed = armed.map(|armed| armed.into_std());
            (!inner.wants_to_leave()).then_some(armed)
        })
    }

    /// Reads once, or leaves that to the callers.
    fn turn(&mut self, next: Option<Instant>) {
        let driver = &self.driver;
        let left = next.map_or(LONGEST, |next| {
            next.saturating_duration_since(Instant::now())
        });
        let waits = driver.waits.load(Ordering::Relaxed);
        if waits != self.waits {
            self.waits = waits;
            driver.poll(false, left.min(NAP));
        } else if let Some(mut reader) = driver.try_read() {
            driver.poll(true, left);
            driver.read(&mut reader, None);
            drop(reader);
            driver.hand_over();
        } else {
            driver.wants_to_read.store(true, Ordering::SeqCst);
            // The reading may have become free before that was known.
            if driver.try_read().is_none() {
                driver.poll(false, left);
            }
            driver.wants_to_read.store(false, Ordering::SeqCst);
        }
        driver.flush_blocked();
    }

    fn look_at_deadlines(&mut self) {
        let health = self.health.as_mut();
        let result = self.driver.shared.with(|inner| inner.observe_time(health));
        if let Err(error) = result {
            self.driver.shared.with(|inner| inner.lost = Some(error));
            self.driver.shut_down();
        }
    }

    /// Unregisters from VPP; true once that is over.
    fn leave(&mut self) -> bool {
        let now = Instant::now();
        let shared = &self.driver.shared;
        if self.leave_by.is_none() {
            shared.with(|inner| inner.unregister());
            self.leave_by = Some(now + FAREWELL);
        }
        let left = self
            .leave_by
            .and_then(|by| by.checked_duration_since(now))
            .filter(|left| !left.is_zero());
        match left {
            Some(left) if !shared.read(|inner| inner.is_unregistered()) => {
                self.turn(Some(now + left));
                false
            }
            _ => {
                self.driver.shut_down();
                self.close();
                true
            }
        }
    }

    /// Has the end of the stream found, if nobody has found it yet.
    fn find_end(&self) {
        if let Some(mut reader) = self.driver.try_read() {
            self.driver.read(&mut reader, None);
        }
    }

    fn close(&self) {
        let cause = Error::closed("the client disconnected");
        let shared = &self.driver.shared;
        shared.with(|inner| inner.disconnected(cause, State::Closed));
        self.find_end();
    }

    fn set_state(&self, state: State) {
        self.driver.shared.with(|inner| inner.set_state(state));
    }
}

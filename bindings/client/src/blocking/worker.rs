use std::fmt;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::task::Waker;
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use super::dial::dial;
use super::driver::{Driver, FlushWaker, WorkerWaker};
use super::wait::Wait;
use crate::connection::{Health, Setup, UNREGISTER_TIMEOUT, check_deadlines};
use crate::error::Error;
use crate::shared::{Shared, State};

/// How long the worker does not read after the last call, because callers read themselves.
const IDLE_DELAY: Duration = Duration::from_millis(10);
/// The longest wait.
const LONGEST: Duration = Duration::from_secs(3600);

/// Owns the background thread, which reads while no call is in progress.
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
        let mut background = BackgroundThread::new(Arc::clone(&driver), setup);
        background.connect()?;
        let flush = FlushWaker(Arc::downgrade(&driver));
        driver.shared.set_flush(Waker::from(Arc::new(flush)));
        // Writes what was queued before, such as requests for events.
        driver.flush();
        let thread = thread::Builder::new().name("vpp-client".to_owned());
        let thread = thread.spawn(move || background.run()).map_err(failed)?;
        let thread = Some(thread);
        Ok(Self { driver, thread })
    }

    fn wait(&self, until: Option<Instant>) -> Wait<'_> {
        let driver = &self.driver;
        Wait { driver, until }
    }

    /// Blocks on a future of this client.
    pub(super) fn block_on<F: Future>(&self, future: F) -> F::Output {
        let mut future = std::pin::pin!(future);
        loop {
            // A wait without an end always returns a result.
            if let Some(output) = self.wait(None).block_on(future.as_mut()) {
                return output;
            }
        }
    }

    /// Blocks on a future of this client until a point in time.
    pub(super) fn block_until<F: Future>(
        &self,
        future: F,
        until: Option<Instant>,
    ) -> Option<F::Output> {
        self.wait(until).block_on(future)
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        let thread = self.thread.take();
        if !self.driver.shared.process.is_current() {
            // The thread exists only in the parent process.
            std::mem::forget(thread);
            return;
        }
        // The thread ends with its owner, even if async clones of the client are left.
        self.driver.shared.with(|inner| inner.request_close());
        self.driver.wake_worker();
        if let Some(thread) = thread {
            // The thread returns nothing, and every waiting call has its error already.
            let _ = thread.join();
        }
    }
}

impl fmt::Debug for Worker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Worker")
    }
}

/// The state of the background thread.
struct BackgroundThread {
    driver: Arc<Driver>,
    setup: Setup,
    waker: Waker,
    health: Option<Health>,
    close_deadline: Option<Instant>,
    /// How many attempts in a row have failed.
    failed: u32,
    /// The number of callers' waits at the last check.
    waits: u64,
}

impl BackgroundThread {
    fn new(driver: Arc<Driver>, setup: Setup) -> Self {
        let waker = Waker::from(Arc::new(WorkerWaker(Arc::clone(&driver))));
        Self {
            driver,
            setup,
            waker,
            health: None,
            close_deadline: None,
            failed: 0,
            waits: 0,
        }
    }

    /// Connects, with as many attempts as the policy allows.
    fn connect(&mut self) -> Result<(), Error> {
        loop {
            self.set_state(State::Reconnecting);
            let error = match dial(&self.setup) {
                Ok((link, handshake)) => {
                    self.failed = 0;
                    let now = tokio::time::Instant::now();
                    self.health = self.setup.health.map(|check| Health::new(check, now));
                    self.driver.open(link, handshake);
                    return Ok(());
                }
                Err(error) => error,
            };
            self.failed += 1;
            self.pause(error)?;
        }
    }

    /// Waits until the next attempt. Returns an error if the policy has no attempts left.
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

    /// Runs until the connection is closed.
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

    /// Serves the connection until it is lost or closed.
    fn serve(&mut self) {
        while self.driver.is_open() {
            let Some(armed) = self.sleep() else {
                if self.unregister() {
                    return;
                }
                continue;
            };
            let health = self.health.as_ref().map(|health| health.next.into_std());
            let next = [armed, health].into_iter().flatten().min();
            self.read_once(next);
            self.check_deadlines();
        }
        self.detect_end();
    }

    /// The next deadline, or `None` if the connection has to close.
    fn sleep(&self) -> Option<Option<Instant>> {
        self.driver.shared.with(|inner| {
            let armed = inner.sleep(&self.waker, false);
            let armed = armed.map(|armed| armed.into_std());
            (!inner.should_close()).then_some(armed)
        })
    }

    /// Reads once, or lets the callers read.
    fn read_once(&mut self, next: Option<Instant>) {
        let driver = &self.driver;
        let left = next.map_or(LONGEST, |next| {
            next.saturating_duration_since(Instant::now())
        });
        let waits = driver.waits.load(Ordering::Relaxed);
        if waits != self.waits {
            self.waits = waits;
            driver.poll(false, left.min(IDLE_DELAY));
        } else if let Some(mut reader) = driver.try_read() {
            driver.poll(true, left);
            driver.read(&mut reader, None);
            drop(reader);
            driver.hand_over();
        } else {
            driver.wants_to_read.store(true, Ordering::SeqCst);
            // The reading thread may have stopped before it could see the flag.
            if driver.try_read().is_none() {
                driver.poll(false, left);
            }
            driver.wants_to_read.store(false, Ordering::SeqCst);
        }
        driver.flush_blocked();
    }

    /// Fails overdue calls and checks the health of the connection.
    fn check_deadlines(&mut self) {
        let health = self.health.as_mut();
        let result = self
            .driver
            .shared
            .with(|inner| check_deadlines(inner, health));
        if let Err(error) = result {
            self.driver.shared.with(|inner| inner.lost = Some(error));
            self.driver.shut_down();
        }
    }

    /// Unregisters from VPP and closes. Returns true when this is complete.
    fn unregister(&mut self) -> bool {
        let now = Instant::now();
        let shared = &self.driver.shared;
        if self.close_deadline.is_none() {
            shared.with(|inner| inner.unregister());
            self.close_deadline = Some(now + UNREGISTER_TIMEOUT);
        }
        let left = self
            .close_deadline
            .and_then(|by| by.checked_duration_since(now))
            .filter(|left| !left.is_zero());
        match left {
            Some(left) if !shared.read(|inner| inner.is_unregistered()) => {
                self.read_once(Some(now + left));
                false
            }
            _ => {
                self.driver.shut_down();
                self.close();
                true
            }
        }
    }

    /// Reads, so that the end of the stream is detected if it was not before.
    fn detect_end(&self) {
        if let Some(mut reader) = self.driver.try_read() {
            self.driver.read(&mut reader, None);
        }
    }

    /// Marks the connection as closed.
    fn close(&self) {
        let cause = Error::closed("the client disconnected");
        let shared = &self.driver.shared;
        shared.with(|inner| inner.disconnected(cause, State::Closed));
        self.detect_end();
    }

    fn set_state(&self, state: State) {
        self.driver.shared.with(|inner| inner.set_state(state));
    }
}

//! Blocks the calling thread on a future of this crate. Meanwhile the thread reads for all.

use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};
use std::time::{Duration, Instant};

use super::driver::Driver;

/// The longest single wait. The thread checks again after it.
const LONGEST: Duration = Duration::from_secs(3600);

/// A waker that unparks a thread.
struct ThreadWaker(Thread);

impl Wake for ThreadWaker {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.0.unpark();
    }
}

/// One wait of the calling thread.
pub(super) struct Wait<'a> {
    pub(super) driver: &'a Driver,
    /// When the wait ends without a result.
    pub(super) until: Option<Instant>,
}

impl Wait<'_> {
    /// Blocks on the future. Returns `None` if it has no result at `until`.
    pub(super) fn block_on<F: Future>(&self, future: F) -> Option<F::Output> {
        thread_local! {
            static WAKER: Waker = Waker::from(Arc::new(ThreadWaker(thread::current())));
        }
        let mut future = pin!(future);
        WAKER.with(|waker| {
            let mut cx = Context::from_waker(waker);
            let mut poll = || match future.as_mut().poll(&mut cx) {
                Poll::Ready(output) => Some(output),
                Poll::Pending => None,
            };
            let reads = self.driver.reads.load(Ordering::Acquire);
            if let Some(output) = poll() {
                return Some(output);
            }
            self.driver.waits.fetch_add(1, Ordering::Relaxed);
            let output = self.read_until_ready(&mut poll, reads);
            self.driver.hand_over();
            output
        })
    }

    fn read_until_ready<T>(
        &self,
        poll: &mut impl FnMut() -> Option<T>,
        mut reads: u64,
    ) -> Option<T> {
        loop {
            if let Some(mut reader) = self.driver.try_read() {
                // Another thread may have read the answer.
                let has_read = self.driver.reads.load(Ordering::Acquire) != reads;
                let mut output = if has_read { poll() } else { None };
                while output.is_none() {
                    let timeout = self.time_left()?;
                    if !self.driver.read(&mut reader, Some(timeout)) {
                        break;
                    }
                    output = poll();
                }
                if output.is_some() {
                    return output;
                }
                drop(reader);
                self.park(false)?;
            } else {
                self.park(true)?;
            }
            reads = self.driver.reads.load(Ordering::Acquire);
            if let Some(output) = poll() {
                return Some(output);
            }
        }
    }

    /// Parks the thread until its future is ready or it has to take over the reading.
    fn park(&self, may_read: bool) -> Option<()> {
        let timeout = self.time_left()?;
        let thread = thread::current();
        self.driver.wait(thread.clone());
        // The reading thread may have stopped before this thread was registered as waiting.
        if !may_read || self.driver.try_read().is_none() {
            thread::park_timeout(timeout);
        }
        self.driver.end_wait(&thread);
        Some(())
    }

    /// Fails overdue calls. Returns the time until the next deadline, or `None` at `until`.
    fn time_left(&self) -> Option<Duration> {
        let now = Instant::now();
        let own = match self.until {
            Some(until) => Some(
                until
                    .checked_duration_since(now)
                    .filter(|it| !it.is_zero())?,
            ),
            None => None,
        };
        let next = self.driver.shared.read(|inner| inner.calls.next_deadline());
        let next = next.map(|next| next.into_std());
        if next.is_some_and(|next| next <= now) {
            self.driver.shared.with(|inner| inner.expire(now.into()));
            // The call of this future may be one of them.
            return Some(Duration::ZERO);
        }
        let next = next.map(|next| next.saturating_duration_since(now));
        Some([own, next].into_iter().flatten().min().unwrap_or(LONGEST))
    }
}

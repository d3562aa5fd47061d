//! Waits for a future of this crate on the calling thread, which reads for all meanwhile.

use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};
use std::time::{Duration, Instant};

use super::driver::Driver;

/// The longest single wait; the thread looks again after it.
const LONGEST: Duration = Duration::from_secs(3600);

struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.0.unpark();
    }
}

impl Driver {
    /// The future's result; `None` if there is none at `until`.
    pub(super) fn block_until<F: Future>(
        &self,
        future: F,
        until: Option<Instant>,
    ) -> Option<F::Output> {
        thread_local! {
            static WAKER: Waker = Waker::from(Arc::new(Unpark(thread::current())));
        }
        let mut future = pin!(future);
        WAKER.with(|waker| {
            let mut cx = Context::from_waker(waker);
            let mut poll = || match future.as_mut().poll(&mut cx) {
                Poll::Ready(output) => Some(output),
                Poll::Pending => None,
            };
            let reads = self.reads.load(Ordering::Acquire);
            if let Some(output) = poll() {
                return Some(output);
            }
            self.waits.fetch_add(1, Ordering::Relaxed);
            let output = self.wait_for(&mut poll, until, reads);
            self.hand_over();
            output
        })
    }

    fn wait_for<T>(
        &self,
        poll: &mut impl FnMut() -> Option<T>,
        until: Option<Instant>,
        mut reads: u64,
    ) -> Option<T> {
        loop {
            if let Some(mut reader) = self.try_read() {
                // Another thread may have read the answer.
                let has_read = self.reads.load(Ordering::Acquire) != reads;
                let mut output = if has_read { poll() } else { None };
                while output.is_none() {
                    let timeout = self.time_left(until)?;
                    if !self.read(&mut reader, Some(timeout)) {
                        break;
                    }
                    output = poll();
                }
                if output.is_some() {
                    return output;
                }
                drop(reader);
                self.park(until, false)?;
            } else {
                self.park(until, true)?;
            }
            reads = self.reads.load(Ordering::Acquire);
            if let Some(output) = poll() {
                return Some(output);
            }
        }
    }

    /// Waits for a wake-up: of the future, or for taking over the reading.
    fn park(&self, until: Option<Instant>, may_read: bool) -> Option<()> {
        let timeout = self.time_left(until)?;
        let thread = thread::current();
        self.wait(thread.clone());
        // Whoever read may have stopped before this thread was known to wait.
        if !may_read || self.try_read().is_none() {
            thread::park_timeout(timeout);
        }
        self.end_wait(&thread);
        Some(())
    }

    /// How long to wait for the next deadline, after failing what is overdue; `None` at `until`.
    fn time_left(&self, until: Option<Instant>) -> Option<Duration> {
        let now = Instant::now();
        let own = match until {
            Some(until) => Some(
                until
                    .checked_duration_since(now)
                    .filter(|it| !it.is_zero())?,
            ),
            None => None,
        };
        let next = self.shared.read(|inner| inner.calls.next_deadline());
        let next = next.map(|next| next.into_std());
        if next.is_some_and(|next| next <= now) {
            self.shared.with(|inner| inner.expire(now.into()));
            // The future may be among them.
            return Some(Duration::ZERO);
        }
        let next = next.map(|next| next.saturating_duration_since(now));
        Some([own, next].into_iter().flatten().min().unwrap_or(LONGEST))
    }
}

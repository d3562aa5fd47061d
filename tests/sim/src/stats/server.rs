//! The thread that accepts clients of the stats socket and runs the collectors.

use std::io;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};

use super::handle::Stats;
use super::socket::Serving;

/// The time until the next attempt if no client can be accepted.
const RETRY: Duration = Duration::from_millis(100);

/// The shortest update interval, so that the thread does not spin.
const SHORTEST: Duration = Duration::from_millis(1);

/// Serves the stats socket until it is dropped, which removes the socket file.
#[derive(Debug)]
pub(crate) struct StatsServer {
    stats: Arc<Stats>,
    thread: Option<JoinHandle<()>>,
}

impl StatsServer {
    /// Starts the thread.
    ///
    /// # Errors
    /// If the thread cannot be created.
    pub(crate) fn start(stats: Arc<Stats>, interval: Option<Duration>) -> io::Result<Self> {
        let served = stats.clone();
        let thread = std::thread::Builder::new().name("vpp-sim-stats".to_owned());
        let thread = thread.spawn(move || serve(&served, interval))?;
        Ok(Self {
            stats,
            thread: Some(thread),
        })
    }

    /// The segment.
    pub(crate) fn stats(&self) -> &Stats {
        &self.stats
    }
}

impl Drop for StatsServer {
    fn drop(&mut self) {
        self.stats.signals().stop();
        if let Some(thread) = self.thread.take() {
            // A thread that panicked has ended too.
            let _ = thread.join();
        }
        self.stats.listening().close();
    }
}

/// Accepts clients and runs the collectors every `interval`. Without one, it never runs them.
fn serve(stats: &Stats, interval: Option<Duration>) {
    let following = || Instant::now().checked_add(interval?.max(SHORTEST));
    let mut next = following();
    let mut failed = false;
    let signals = stats.signals();
    while !signals.is_stopped() {
        let paused = signals.is_paused();
        let serving = stats.listening().serving();
        let listening = serving.as_ref().filter(|_| !paused && !failed);
        let mut timeout = next.filter(|_| !paused).map(|next| {
            let now = Instant::now();
            next.saturating_duration_since(now)
        });
        if failed {
            timeout = Some(timeout.map_or(RETRY, |timeout| timeout.min(RETRY)));
        }
        let mut wanted = vec![PollFd::from_borrowed_fd(
            signals.descriptor(),
            PollFlags::IN,
        )];
        if let Some(serving) = listening {
            wanted.push(PollFd::from_borrowed_fd(serving.listener(), PollFlags::IN));
        }
        let timeout = timeout.and_then(|timeout| Timespec::try_from(timeout).ok());
        // It is interrupted at most, and then the loop looks again.
        let _ = poll(&mut wanted, timeout.as_ref());
        let is_ready = wanted.get(1).is_some_and(|it| !it.revents().is_empty());
        drop(wanted);
        signals.reset();
        // VPP may hang since the thread looked.
        let paused = signals.is_paused();
        let ready = listening.filter(|_| is_ready && !paused);
        failed = match ready.map(Serving::accept) {
            Some(Err(error)) => {
                tracing::warn!(%error, "cannot accept a client of the stats segment");
                true
            }
            Some(Ok(())) | None => false,
        };
        if !paused && next.is_some_and(|next| next <= Instant::now()) {
            stats.collect();
            next = following();
        }
    }
}

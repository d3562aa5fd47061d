//! Expires deadlines even if the connection is not polled.
//!
//! A polled connection checks deadlines itself. If it is not polled (it was never spawned, or
//! its runtime is busy or gone), one thread per process does so instead: it fails the overdue
//! calls of every client whose connection was not polled since the last check.

use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex, TryLockError, Weak};
use std::thread;
use std::time::Duration;

use tokio::time::Instant;

use super::process::Process;

/// How long the connection has to check a deadline itself.
pub(super) const GRACE: Duration = Duration::from_millis(25);

/// The thread's inbox, and the process that the thread runs in.
static INBOX: Mutex<Option<(Process, Sender<Watch>)>> = Mutex::new(None);

/// A client whose deadlines are watched.
pub(super) trait Watched: Send + Sync {
    /// Checks the client. Returns when to check again.
    fn check(self: Arc<Self>, now: Instant, due: DueCheck) -> Option<(Instant, DueCheck)>;
}

/// One check of a client.
#[derive(Debug, Clone, Copy)]
pub(super) struct DueCheck {
    /// The tick of the deadline. Only the check with the client's latest tick is valid.
    pub(super) tick: u64,
    /// How often the connection had been polled at the check before.
    pub(super) polls: Option<u64>,
}

/// A client and the time of its next check.
struct Watch {
    at: Instant,
    due: DueCheck,
    client: Weak<dyn Watched>,
}

/// Has the thread check a client at `at`, when `tick` is over. `None` if there is no thread.
pub(super) fn watch(client: Weak<dyn Watched>, at: Instant, tick: u64) -> Option<()> {
    let polls = None;
    let due = DueCheck { tick, polls };
    send(Watch { at, due, client })
}

/// Sends a check to the thread. Starts the thread if this process does not have it.
fn send(watch: Watch) -> Option<()> {
    let process = Process::current();
    // The lock is held for moments only. In a child that was forked at such a moment it stays
    // locked forever, so the number of attempts is limited.
    let mut inbox = (0..10_000).find_map(|_| match INBOX.try_lock() {
        Ok(inbox) => Some(inbox),
        Err(TryLockError::Poisoned(poisoned)) => Some(poisoned.into_inner()),
        Err(TryLockError::WouldBlock) => {
            thread::yield_now();
            None
        }
    })?;
    let watch = match &*inbox {
        Some((of, sender)) if *of == process => match sender.send(watch) {
            Ok(()) => return Some(()),
            Err(unsent) => unsent.0,
        },
        _ => watch,
    };
    let (sender, receiver) = mpsc::channel();
    let named = thread::Builder::new().name("vpp-deadlines".to_owned());
    named.spawn(move || run(&receiver)).ok()?;
    sender.send(watch).ok()?;
    *inbox = Some((process, sender));
    Some(())
}

/// Runs the thread.
fn run(inbox: &Receiver<Watch>) {
    let mut watches: BinaryHeap<Reverse<Watch>> = BinaryHeap::new();
    loop {
        let now = Instant::now();
        while watches.peek().is_some_and(|watch| watch.0.at <= now) {
            let due = watches.pop().and_then(|Reverse(watch)| watch.check(now));
            watches.extend(due.map(Reverse));
        }
        let next = watches.peek().map(|watch| watch.0.at);
        let received = match next {
            Some(at) => inbox.recv_timeout(at.saturating_duration_since(now)),
            None => inbox.recv().map_err(|_| RecvTimeoutError::Disconnected),
        };
        match received {
            Ok(watch) => watches.push(Reverse(watch)),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return,
        }
    }
}

impl Watch {
    /// Checks the client. Returns the next check.
    fn check(self, now: Instant) -> Option<Self> {
        let (at, due) = self.client.upgrade()?.check(now, self.due)?;
        Some(Self { at, due, ..self })
    }
}

impl PartialEq for Watch {
    fn eq(&self, other: &Self) -> bool {
        self.at == other.at
    }
}

impl Eq for Watch {}

impl PartialOrd for Watch {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Watch {
    fn cmp(&self, other: &Self) -> Ordering {
        self.at.cmp(&other.at)
    }
}

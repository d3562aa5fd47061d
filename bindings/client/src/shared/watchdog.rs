//! Deadlines that do not depend on the connection being polled.
//!
//! The connection looks at deadlines itself. Where nobody polls it (it was never spawned, its
//! runtime is busy or gone), one thread per process does: it fails what is overdue, unless the
//! connection was polled since.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex, TryLockError, Weak};
use std::thread;
use std::time::Duration;

use tokio::time::Instant;

use super::process::Process;
use super::{Inner, Shared};

/// How long the connection has for looking at a deadline itself.
const GRACE: Duration = Duration::from_millis(25);

/// The thread's inbox, and the process that the thread runs in.
static INBOX: Mutex<Option<(Process, Sender<Watch>)>> = Mutex::new(None);

/// One client to look at.
struct Watch {
    at: Instant,
    /// The tick of that time. A watch that is not the client's latest is void.
    tick: u64,
    shared: Weak<Shared>,
    /// How often the connection had been polled when the client was last looked at.
    polls: Option<u64>,
}

/// Has the thread look at this client once `tick` is over.
#[cold]
pub(super) fn watch(shared: &Arc<Shared>, tick: u64) {
    let at = shared.read(|inner| inner.calls.time_of(tick));
    // A deadline beyond the clock never comes.
    let Some(at) = at else { return };
    let watch = Watch {
        at,
        tick,
        shared: Arc::downgrade(shared),
        polls: None,
    };
    if send(watch).is_none() {
        // The next call tries again.
        shared.lock().watched = None;
    }
}

fn send(watch: Watch) -> Option<()> {
    let process = Process::current();
    // The lock is held for moments only. A child that was forked in such a moment finds it
    // locked for ever, so it must not wait for it.
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

fn run(inbox: &Receiver<Watch>) {
    let mut watches: BinaryHeap<Reverse<Watch>> = BinaryHeap::new();
    loop {
        let now = Instant::now();
        while watches.peek().is_some_and(|watch| watch.0.at <= now) {
            let due = watches.pop().and_then(|Reverse(watch)| watch.look(now));
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
    /// Looks at the client; returns when to look again.
    fn look(self, now: Instant) -> Option<Self> {
        let shared = self.shared.upgrade()?;
        let (at, tick, polls) = shared.with(|inner| inner.look(now, &self))?;
        Some(Self {
            at,
            tick,
            polls: Some(polls),
            ..self
        })
    }
}

impl Inner {
    fn look(&mut self, now: Instant, watch: &Watch) -> Option<(Instant, u64, u64)> {
        if self.watched != Some(watch.tick) {
            return None;
        }
        self.watched = None;
        let mut next = self.calls.next_deadline()?;
        if next <= now {
            // The connection handles deadlines itself, if it is polled.
            if watch.polls == Some(self.polls) {
                self.expire(now);
            }
            next = self.calls.next_deadline()?.max(now + GRACE);
        }
        // Expiring may have queued requests with deadlines of their own.
        self.watch = None;
        let tick = self.calls.tick_at(next);
        self.watched = Some(tick);
        Some((next, tick, self.polls))
    }
}

impl PartialEq for Watch {
    fn eq(&self, other: &Self) -> bool {
        self.at == other.at
    }
}

impl Eq for Watch {}

impl PartialOrd for Watch {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Watch {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.at.cmp(&other.at)
    }
}

use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

/// What one connection is still to send, filled by whoever answers it.
#[derive(Debug, Default)]
pub(crate) struct Outbox {
    state: Mutex<Pending>,
    changed: Notify,
}

/// Bytes to send, and what comes after them.
#[derive(Debug, Default)]
pub(crate) struct Pending {
    /// Whole frames, or what a fault makes of them.
    pub(crate) bytes: Vec<u8>,
    /// Whether the connection closes when they are sent.
    pub(crate) close_after: bool,
    /// Whether the connection closes at once.
    pub(crate) abort: bool,
}

impl Outbox {
    /// The bytes and marks, for whoever has something to add or to send.
    pub(crate) fn lock(&self) -> MutexGuard<'_, Pending> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Wakes the connection because there is something in here.
    pub(crate) fn wake(&self) {
        self.changed.notify_one();
    }

    /// Appends bytes and wakes the connection.
    pub(crate) fn send(&self, bytes: &[u8]) {
        self.lock().bytes.extend_from_slice(bytes);
        self.wake();
    }

    /// Closes the connection, now or when all is sent.
    pub(crate) fn close(&self, at_once: bool) {
        let mut pending = self.lock();
        pending.close_after = true;
        pending.abort |= at_once;
        drop(pending);
        self.wake();
    }

    /// Resolves when someone has woken the connection.
    pub(crate) async fn changed(&self) {
        self.changed.notified().await;
    }
}

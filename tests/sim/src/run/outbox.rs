use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

/// The bytes that one connection has to send. Any connection may add to it.
#[derive(Debug, Default)]
pub(crate) struct Outbox {
    pending: Mutex<Pending>,
    changed: Notify,
}

/// Bytes to send, and whether the connection closes.
#[derive(Debug, Default)]
pub(crate) struct Pending {
    /// Complete frames, unless a fault changed them.
    pub(crate) bytes: Vec<u8>,
    /// Whether the connection closes after they are sent.
    pub(crate) close_after: bool,
    /// Whether the connection closes at once.
    pub(crate) abort: bool,
}

impl Outbox {
    /// Locks the pending bytes.
    pub(crate) fn lock(&self) -> MutexGuard<'_, Pending> {
        self.pending.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Wakes the connection to send pending bytes.
    pub(crate) fn wake(&self) {
        self.changed.notify_one();
    }

    /// Appends bytes and wakes the connection.
    pub(crate) fn send(&self, bytes: &[u8]) {
        self.lock().bytes.extend_from_slice(bytes);
        self.wake();
    }

    /// Closes the connection, at once or after all bytes are sent.
    pub(crate) fn close(&self, at_once: bool) {
        let mut pending = self.lock();
        pending.close_after = true;
        pending.abort |= at_once;
        drop(pending);
        self.wake();
    }

    /// Waits until [`wake`](Self::wake) is called.
    pub(crate) async fn changed(&self) {
        self.changed.notified().await;
    }
}

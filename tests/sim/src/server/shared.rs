use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

use super::core::Core;

/// The data that all connections and the [`Sim`](crate::Sim) share.
#[derive(Debug)]
pub(crate) struct Shared {
    core: Mutex<Core>,
    requests: Notify,
}

impl Shared {
    pub(crate) fn new(core: Core) -> Self {
        Self {
            core: Mutex::new(core),
            requests: Notify::new(),
        }
    }

    /// Locks the core. The lock takes the place of VPP's single main thread.
    pub(crate) fn core(&self) -> MutexGuard<'_, Core> {
        self.core.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Wakes the callers of [`wait_for`](Self::wait_for).
    pub(crate) fn notify_requests(&self) {
        self.requests.notify_waiters();
    }

    /// Waits until `done` returns true, which it checks after each batch of requests.
    pub(crate) async fn wait_for(&self, done: impl Fn(&Core) -> bool) {
        loop {
            let changed = self.requests.notified();
            tokio::pin!(changed);
            changed.as_mut().enable();
            if done(&self.core()) {
                return;
            }
            changed.await;
        }
    }
}

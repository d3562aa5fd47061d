//! Accepts connections until the simulator stops.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::net::UnixListener;
use tokio::sync::{Notify, watch};
use tokio::task::JoinSet;

use super::Core;
use super::connection::Connection;

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

/// Accepts and serves connections. When `stop` becomes true, closes them and returns.
pub(crate) async fn serve(
    shared: Arc<Shared>,
    listener: UnixListener,
    mut stop: watch::Receiver<bool>,
) {
    let mut connections = JoinSet::new();
    let mut paused = shared.core().paused();
    loop {
        let is_paused = *paused.borrow_and_update();
        tokio::select! {
            biased;
            // The simulator was stopped or dropped.
            () = async { drop(stop.wait_for(|stop| *stop).await) } => break,
            // `shared` owns the sender.
            _ = paused.changed() => {}
            accepted = listener.accept(), if !is_paused => match accepted {
                Ok((stream, _)) => {
                    connections.spawn(Connection::new(shared.clone(), stream).run());
                }
                Err(error) => {
                    tracing::warn!(%error, "cannot accept");
                    // The process is out of descriptors: let existing connections run.
                    tokio::task::yield_now().await;
                }
            },
            Some(_) = connections.join_next() => {}
        }
    }
    connections.shutdown().await;
}

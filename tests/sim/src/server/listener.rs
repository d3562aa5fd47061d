//! Accepts connections until told to stop.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::net::UnixListener;
use tokio::sync::{Notify, watch};
use tokio::task::JoinSet;

use super::Core;
use super::connection::Connection;

/// What all connections and the handle of the simulator share.
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

    /// The one thread of VPP: who holds it is VPP.
    pub(crate) fn core(&self) -> MutexGuard<'_, Core> {
        self.core.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Wakes whoever waits for a request.
    pub(crate) fn requests_changed(&self) {
        self.requests.notify_waiters();
    }

    /// Resolves when there is something new in the journal that satisfies `done`.
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

/// Accepts and serves connections; ends, and closes them, when `stop` becomes true.
pub(crate) async fn serve(
    shared: Arc<Shared>,
    listener: UnixListener,
    mut stop: watch::Receiver<bool>,
) {
    let mut connections = JoinSet::new();
    let mut paused = shared.core().paused();
    loop {
        let hangs = *paused.borrow_and_update();
        tokio::select! {
            biased;
            // The handle is gone, or it wants an end.
            () = async { drop(stop.wait_for(|stop| *stop).await) } => break,
            // The sender is in what is shared.
            _ = paused.changed() => {}
            accepted = listener.accept(), if !hangs => match accepted {
                Ok((stream, _)) => {
                    connections.spawn(Connection::new(shared.clone(), stream).run());
                }
                Err(error) => {
                    tracing::warn!(%error, "cannot accept");
                    // Out of descriptors: let the connections that are there go on.
                    tokio::task::yield_now().await;
                }
            },
            Some(_) = connections.join_next() => {}
        }
    }
    connections.shutdown().await;
}

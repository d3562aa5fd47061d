//! Accepts connections until the simulator stops.

use std::sync::Arc;

use tokio::net::UnixListener;
use tokio::sync::watch;
use tokio::task::JoinSet;

use super::connection::Connection;
use super::shared::Shared;

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

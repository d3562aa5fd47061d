use std::io;
use std::ops::{Deref, DerefMut};
use std::path::{Path, PathBuf};
use std::sync::{Arc, MutexGuard};

use tempfile::TempDir;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::server::{Core, Shared};
use crate::state::{Outcome, VppState};
use crate::stats::{Stats, StatsServer};
use crate::{FaultRule, SimBuilder};

/// A running simulator. Dropping it stops it and removes its socket.
#[derive(Debug)]
pub struct Sim {
    shared: Arc<Shared>,
    socket: PathBuf,
    stats: Option<StatsServer>,
    _folder: Option<TempDir>,
    stop: watch::Sender<bool>,
    server: Option<JoinHandle<()>>,
}

impl Sim {
    /// Configures a simulator.
    #[must_use]
    pub fn builder() -> SimBuilder {
        SimBuilder::new()
    }

    /// Starts a simulator of [`Release::LATEST`](crate::Release::LATEST) on a socket in a
    /// temporary folder.
    ///
    /// # Errors
    /// If the socket cannot be bound.
    pub async fn start_in_process() -> io::Result<Self> {
        Self::builder().start().await
    }

    pub(crate) fn new(
        shared: Arc<Shared>,
        socket: PathBuf,
        folder: Option<TempDir>,
        stats: Option<StatsServer>,
        stop: watch::Sender<bool>,
        server: JoinHandle<()>,
    ) -> Self {
        Self {
            shared,
            socket,
            stats,
            _folder: folder,
            stop,
            server: Some(server),
        }
    }

    /// The path of the socket.
    #[must_use]
    pub fn socket(&self) -> &Path {
        &self.socket
    }

    /// Locks the state of this VPP. The simulator handles no message while the guard exists.
    #[must_use]
    pub fn state(&self) -> impl DerefMut<Target = VppState> {
        StateGuard(self.shared.core())
    }

    /// The stats segment. `None` without [`SimBuilder::stats_socket`].
    #[must_use]
    pub fn stats(&self) -> Option<&Stats> {
        self.stats.as_ref().map(StatsServer::stats)
    }

    /// The names of the received requests, oldest first. Only the last 65,536 are kept.
    #[must_use]
    pub fn requests(&self) -> Vec<&'static str> {
        self.shared.core().journal.requests()
    }

    /// The number of requests received since the start.
    #[must_use]
    pub fn request_count(&self) -> u64 {
        self.shared.core().journal.total()
    }

    /// Clears the list that [`requests`](Self::requests) returns.
    pub fn clear_requests(&self) {
        self.shared.core().journal.clear_requests();
    }

    /// Waits until [`requests`](Self::requests) contains a request of this name.
    pub async fn wait_for_request(&self, message: &str) {
        let received = |core: &Core| core.journal.requests().contains(&message);
        self.shared.wait_for(received).await;
    }

    /// The reasons of all crashes that a real VPP would have had. The simulator restarts after
    /// each. The list also contains clients that
    /// [`Fault::KillBefore`](crate::Fault::KillBefore) could not kill.
    #[must_use]
    pub fn crashes(&self) -> Vec<String> {
        self.shared.core().journal.crashes().to_vec()
    }

    /// The names of the connected clients. A name is empty before the handshake.
    #[must_use]
    pub fn clients(&self) -> Vec<String> {
        let core = self.shared.core();
        core.run.clients.iter().map(|it| it.name.clone()).collect()
    }

    /// Adds a fault rule after the existing ones.
    pub fn add_fault(&self, rule: FaultRule) {
        self.shared.core().run.faults.add(rule);
    }

    /// Removes all fault rules.
    pub fn clear_faults(&self) {
        self.shared.core().run.faults.clear();
    }

    /// Sends the replies that [`Fault::Hold`](crate::Fault::Hold) holds back.
    pub fn send_held_replies(&self) {
        self.shared.core().send_held_replies();
    }

    /// Connects or disconnects the peer of an interface. Events are sent at once.
    ///
    /// # Errors
    /// `INVALID_SW_IF_INDEX` if the interface does not exist.
    pub fn set_peer(&self, sw_if_index: u32, connected: bool) -> Outcome {
        let mut core = self.shared.core();
        core.run.state.set_peer(sw_if_index, connected)?;
        core.send_events();
        Ok(())
    }

    /// Restarts VPP: connections close, the state is lost, message ids change. A new stats
    /// segment takes the place of the old one.
    pub fn restart(&self) {
        self.shared.core().restart();
    }

    /// Makes VPP hang: it handles no message and accepts no connection until
    /// [`resume`](Self::resume). Then it handles everything that is queued. At most five
    /// connections queue, as with VPP. Further ones fail with `EAGAIN`, or wait if they are
    /// blocking.
    pub fn pause(&self) {
        self.shared.core().set_paused(true);
    }

    /// Ends a hang that [`pause`](Self::pause) or [`Fault::Pause`](crate::Fault::Pause) began.
    pub fn resume(&self) {
        self.shared.core().set_paused(false);
    }

    /// Whether VPP hangs.
    #[must_use]
    pub fn is_paused(&self) -> bool {
        self.shared.core().is_paused()
    }

    /// Waits until VPP hangs.
    pub async fn wait_for_pause(&self) {
        self.shared.wait_for(Core::is_paused).await;
    }

    /// Closes all connections, stops and removes the socket.
    pub async fn stop(mut self) {
        self.stop.send_replace(true);
        if let Some(server) = self.server.take() {
            // The task neither panics nor is aborted.
            let _ = server.await;
        }
    }
}

impl Drop for Sim {
    fn drop(&mut self) {
        self.stop.send_replace(true);
        for client in self.shared.core().run.clients.iter() {
            client.outbox.close(true);
        }
        let _ = std::fs::remove_file(&self.socket);
    }
}

/// The locked state of a simulator.
struct StateGuard<'a>(MutexGuard<'a, Core>);

impl Deref for StateGuard<'_> {
    type Target = VppState;

    fn deref(&self) -> &VppState {
        &self.0.run.state
    }
}

impl DerefMut for StateGuard<'_> {
    fn deref_mut(&mut self) -> &mut VppState {
        &mut self.0.run.state
    }
}

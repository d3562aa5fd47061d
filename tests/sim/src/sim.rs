use std::io;
use std::ops::{Deref, DerefMut};
use std::path::{Path, PathBuf};
use std::sync::{Arc, MutexGuard};

use tempfile::TempDir;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::server::{Core, Shared};
use crate::state::{Outcome, State};
use crate::{FaultRule, SimBuilder};

/// A running simulator; it ends, and removes its socket, when this is dropped.
#[derive(Debug)]
pub struct Sim {
    shared: Arc<Shared>,
    socket: PathBuf,
    _folder: Option<TempDir>,
    stop: watch::Sender<bool>,
    server: Option<JoinHandle<()>>,
}

impl Sim {
    /// What to play, and where.
    #[must_use]
    pub fn builder() -> SimBuilder {
        SimBuilder::new()
    }

    /// Plays VPP 26.06 on a socket in a temporary folder.
    ///
    /// # Errors
    /// When the socket cannot be bound.
    pub async fn start_in_process() -> io::Result<Self> {
        Self::builder().start().await
    }

    pub(crate) fn new(
        shared: Arc<Shared>,
        socket: PathBuf,
        folder: Option<TempDir>,
        stop: watch::Sender<bool>,
        server: JoinHandle<()>,
    ) -> Self {
        Self {
            shared,
            socket,
            _folder: folder,
            stop,
            server: Some(server),
        }
    }

    /// Where it listens.
    #[must_use]
    pub fn socket(&self) -> &Path {
        &self.socket
    }

    /// What this VPP holds. VPP stands still as long as this is held.
    #[must_use]
    pub fn state(&self) -> StateGuard<'_> {
        StateGuard(self.shared.core())
    }

    /// The names of the requests that came, the oldest first; the last 65,536 are kept.
    #[must_use]
    pub fn requests(&self) -> Vec<&'static str> {
        self.shared.core().journal.requests()
    }

    /// How many requests came since the start.
    #[must_use]
    pub fn request_count(&self) -> u64 {
        self.shared.core().journal.total()
    }

    /// Forgets the requests that came.
    pub fn clear_requests(&self) {
        self.shared.core().journal.clear_requests();
    }

    /// Resolves as soon as the kept requests hold one of this name.
    pub async fn request_came(&self, message: &str) {
        let came = |core: &Core| core.journal.requests().contains(&message);
        self.shared.wait_for(came).await;
    }

    /// What VPP would have died of; the simulator started again each time. Also clients that
    /// [`Fault::KillBefore`](crate::Fault::KillBefore) could not kill.
    #[must_use]
    pub fn crashes(&self) -> Vec<String> {
        self.shared.core().journal.crashes().to_vec()
    }

    /// The names of the clients that are connected; empty before the handshake.
    #[must_use]
    pub fn clients(&self) -> Vec<String> {
        let core = self.shared.core();
        core.clients.iter().map(|it| it.name.clone()).collect()
    }

    /// Has one more thing go wrong; rules that were there before come first.
    pub fn add_fault(&self, rule: FaultRule) {
        self.shared.core().faults.add(rule);
    }

    /// Nothing goes wrong any more.
    pub fn clear_faults(&self) {
        self.shared.core().faults.clear();
    }

    /// Sends the answers that [`Fault::Hold`](crate::Fault::Hold) has kept.
    pub fn release_held(&self) {
        self.shared.core().release_held();
    }

    /// Plays the other end of an interface; events go out at once.
    ///
    /// # Errors
    /// `INVALID_SW_IF_INDEX` when there is no such interface.
    pub fn set_peer(&self, sw_if_index: u32, connected: bool) -> Outcome {
        let mut core = self.shared.core();
        core.state.set_peer(sw_if_index, connected)?;
        core.tell_events();
        Ok(())
    }

    /// VPP ends and starts again: connections close, the state is lost, ids change.
    pub fn restart(&self) {
        self.shared.core().restart();
    }

    /// VPP hangs: it handles nothing and accepts no connection until [`resume`](Self::resume),
    /// and then handles what has queued. At most five connections queue, as with VPP: more
    /// are refused with `EAGAIN`, or wait if they are blocking.
    pub fn pause(&self) {
        self.shared.core().set_paused(true);
    }

    /// VPP wakes, be it from [`pause`](Self::pause) or from
    /// [`Fault::Pause`](crate::Fault::Pause).
    pub fn resume(&self) {
        self.shared.core().set_paused(false);
    }

    /// Whether VPP hangs.
    #[must_use]
    pub fn is_paused(&self) -> bool {
        self.shared.core().is_paused()
    }

    /// Resolves as soon as VPP hangs.
    pub async fn pause_began(&self) {
        self.shared.wait_for(Core::is_paused).await;
    }

    /// Ends when all connections are closed, and removes the socket.
    pub async fn stop(mut self) {
        self.stop.send_replace(true);
        if let Some(server) = self.server.take() {
            // It neither panics nor is it aborted.
            let _ = server.await;
        }
    }
}

impl Drop for Sim {
    fn drop(&mut self) {
        self.stop.send_replace(true);
        for client in self.shared.core().clients.iter() {
            client.outbox.close(true);
        }
        let _ = std::fs::remove_file(&self.socket);
    }
}

/// The state of a simulator, locked.
#[derive(Debug)]
pub struct StateGuard<'a>(MutexGuard<'a, Core>);

impl Deref for StateGuard<'_> {
    type Target = State;

    fn deref(&self) -> &State {
        &self.0.state
    }
}

impl DerefMut for StateGuard<'_> {
    fn deref_mut(&mut self) -> &mut State {
        &mut self.0.state
    }
}

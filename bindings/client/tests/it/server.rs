//! A listening socket in a temporary folder, for tests that act as VPP.

use std::path::PathBuf;
use std::task::{Context, Waker};
use std::time::Duration;

use tempfile::TempDir;
use tokio::net::UnixListener;
use vpp_client::{Builder, Client, ReconnectPolicy};

use crate::peer::{Peer, table};

pub struct Server {
    folder: TempDir,
    listener: UnixListener,
}

/// A policy with delays of milliseconds.
pub fn quick() -> ReconnectPolicy {
    let millisecond = Duration::from_millis(1);
    ReconnectPolicy::new()
        .first_delay(millisecond)
        .longest_delay(4 * millisecond)
}

impl Server {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let listener = UnixListener::bind(folder.path().join("api.sock")).unwrap();
        Self { folder, listener }
    }

    pub fn path(&self) -> PathBuf {
        self.folder.path().join("api.sock")
    }

    /// A builder for clients of this socket, which reconnect quickly.
    pub fn builder(&self) -> Builder {
        Client::builder().socket(self.path()).reconnect(quick())
    }

    /// Accepts the next connection.
    pub async fn accept(&self) -> Peer {
        self.accept_with(table(100)).await
    }

    /// Accepts the next connection, as a VPP that has the messages of `table`.
    pub async fn accept_with(&self, table: Vec<(String, u16)>) -> Peer {
        let (io, _) = self.listener.accept().await.unwrap();
        Peer::accept(io, table).await.unwrap()
    }

    /// Connects a client, spawns its connection and returns both ends.
    pub async fn connect(&self, builder: Builder) -> (Client, Peer) {
        let (client, peer) = tokio::join!(builder.connect(), self.accept());
        let (client, connection) = client.unwrap();
        tokio::spawn(connection);
        (client, peer)
    }

    /// Accepts a connection and closes it without an answer.
    pub async fn refuse(&self) {
        drop(self.listener.accept().await.unwrap());
    }

    /// Whether a connection is waiting to be accepted.
    pub fn is_asked(&self) -> bool {
        let mut cx = Context::from_waker(Waker::noop());
        self.listener.poll_accept(&mut cx).is_ready()
    }
}

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use vpp_bindings::client::connection::State;
use vpp_bindings::client::{Client, HealthCheck};

use super::error::has_exited;
use crate::api::{self, infra};

/// A connection to VPP that can be established again.
#[derive(Debug)]
pub struct Link {
    client: Client,
    socket: PathBuf,
    name: String,
    timeout: Duration,
}

impl Link {
    /// Connects to VPP's API socket with the client name `name`.
    ///
    /// VPP accepts few connections at a time, so connecting is retried until the timeout. The
    /// same timeout is the deadline of each call.
    ///
    /// # Errors
    /// VPP cannot be reached.
    pub async fn connect(socket: PathBuf, name: String, timeout: Duration) -> api::Result<Self> {
        let client = connect(&socket, &name, timeout).await?;
        Ok(Self {
            client,
            socket,
            name,
            timeout,
        })
    }

    /// The client of the connection.
    #[must_use]
    pub fn client(&self) -> Client {
        self.client.clone()
    }

    /// VPP's API socket.
    #[must_use]
    pub fn socket(&self) -> &Path {
        &self.socket
    }

    /// The deadline of each call.
    #[must_use]
    pub fn timeout(&self) -> Duration {
        self.timeout
    }

    /// Whether the connection is established.
    #[must_use]
    pub fn is_up(&self) -> bool {
        self.client.state().current() == State::Connected
    }

    /// Connects again if the connection is lost, and returns whether it was. Retries until `by`: a
    /// VPP that is exiting accepts connections for a moment and closes them.
    pub(super) async fn reconnect(&mut self, by: Option<Instant>) -> api::Result<bool> {
        if self.is_up() {
            return Ok(false);
        }
        let left = || by.map(|it| it.saturating_duration_since(Instant::now()));
        let mut tries = 0;
        self.client = loop {
            tries += 1;
            let timeout = left().map_or(self.timeout, |it| it.min(self.timeout));
            let timeout = timeout.max(Duration::from_millis(1));
            match connect(&self.socket, &self.name, timeout).await {
                Err(error)
                    if tries < 10
                        && !has_exited(&error)
                        && left().is_none_or(|it| !it.is_zero()) =>
                {
                    tokio::time::sleep(Duration::from_millis(100)).await;
                }
                connected => break connected?,
            }
        };
        Ok(true)
    }

    /// Resolves when the connection is lost.
    pub async fn lost(&self) {
        self.client.state().wait_for(State::Closed).await;
    }
}

/// Connects. The health check detects a VPP that stops answering while no request is pending.
async fn connect(socket: &Path, name: &str, timeout: Duration) -> api::Result<Client> {
    let builder = Client::builder().socket(socket).name(name);
    let builder = builder.timeout(timeout).health_check(HealthCheck::new());
    infra::connect(builder).await
}

use std::path::{Path, PathBuf};
use std::time::Duration;

use cnivpp::api::{self, infra};
use vpp_bindings::client::{Client, HealthCheck, State};

use super::undo::has_ended;
use crate::failure::Failure;
use crate::status::Status;

/// The shortest time that VPP gets for an answer while everything is taken back.
const PATIENCE: Duration = Duration::from_secs(20);

/// The connection to VPP, and how to make it again.
#[derive(Debug)]
pub struct Link {
    client: Client,
    socket: PathBuf,
    name: String,
    timeout: Duration,
}

impl Link {
    /// Connects.
    ///
    /// # Errors
    /// When VPP cannot be reached.
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

    /// Where VPP listens.
    #[must_use]
    pub fn socket(&self) -> &Path {
        &self.socket
    }

    /// The client for taking things back, which is more patient.
    pub(super) fn patient(&self) -> Client {
        self.client.with_timeout(self.timeout.max(PATIENCE))
    }

    /// Connects again if the connection is gone. A VPP that is just ending takes connections
    /// and breaks them for a moment, before it can be told that it is gone.
    pub(super) async fn mend(&mut self) -> api::Result<()> {
        if self.client.state().current() == State::Connected {
            return Ok(());
        }
        let mut tries = 0;
        self.client = loop {
            tries += 1;
            match connect(&self.socket, &self.name, self.timeout).await {
                Err(error) if tries < 10 && !has_ended(&error) => {
                    tokio::time::sleep(Duration::from_millis(100)).await;
                }
                connected => break connected?,
            }
        };
        Ok(())
    }

    /// Resolves when the connection is gone.
    pub(super) async fn lost(&self) {
        self.client.state().wait_for(State::Closed).await;
    }

    /// The failure that the lost connection is.
    pub(super) fn failure(&self) -> Failure {
        let text = format!("the connection to VPP at {} broke", self.socket.display());
        Failure::new(Status::Disconnected, text)
    }
}

/// Connects. While everything is held only the connection's end is waited for, so that VPP is
/// asked now and then whether it still answers.
async fn connect(socket: &Path, name: &str, timeout: Duration) -> api::Result<Client> {
    let builder = Client::builder().socket(socket).name(name);
    let builder = builder.timeout(timeout).health_check(HealthCheck::new());
    infra::connect(builder).await
}

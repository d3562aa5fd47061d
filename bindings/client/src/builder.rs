use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite};
use vpp_wire::FixedString;

use crate::calls::Sender;
use crate::client::Client;
use crate::connection::{
    Connection, HealthCheck, Io, ReconnectPolicy, Setup, program_name, socket_path,
};
use crate::error::Error;
use crate::shared::{Limits, Shared};
use crate::trace::TraceOptions;

/// Builds a client: sets the socket, limits and reconnect policy, and connects.
///
/// ```no_run
/// # async fn example() -> Result<(), vpp_client::Error> {
/// use std::time::Duration;
/// use vpp_client::{Client, HealthCheck, ReconnectPolicy};
///
/// let (client, connection) = Client::builder()
///     .socket("/run/vpp/api.sock")
///     .name("example")
///     .timeout(Duration::from_secs(2))
///     .reconnect(ReconnectPolicy::new())
///     .health_check(HealthCheck::new())
///     .connect()
///     .await?;
/// tokio::spawn(connection);
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Builder {
    socket: Option<PathBuf>,
    name: Option<String>,
    timeout: Duration,
    limits: Limits,
    reconnect: Option<ReconnectPolicy>,
    health: Option<HealthCheck>,
    wait_for_connection: bool,
}

impl Default for Builder {
    fn default() -> Self {
        Self::new()
    }
}

impl Builder {
    /// A builder with the default of every option.
    #[must_use]
    pub fn new() -> Self {
        Self {
            socket: None,
            name: None,
            timeout: Duration::from_secs(5),
            limits: Limits::default(),
            reconnect: None,
            health: None,
            wait_for_connection: false,
        }
    }

    /// Sets the path of VPP's API socket. Defaults to [`socket_path()`].
    #[must_use]
    pub fn socket(mut self, path: impl AsRef<Path>) -> Self {
        self.socket = Some(path.as_ref().to_owned());
        self
    }

    /// Sets the client's name in the output of VPP's `show api clients`, at most 63 bytes.
    /// Defaults to the program's name.
    #[must_use]
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Sets the timeout of a call, of each answer during a dump, and of connecting with the
    /// handshake. Defaults to 5 s.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Sets the largest payload in bytes, in both directions. Defaults to 64 MiB.
    ///
    /// A call with a larger request fails. A larger frame from VPP closes the connection.
    #[must_use]
    pub fn max_frame(mut self, bytes: usize) -> Self {
        // VPP's arithmetic overflows from 0xFFFFFFF0 on.
        self.limits.frame = bytes.min(0x7fff_ffff);
        self
    }

    /// Sets how many unread bytes of one dump are buffered, including 16 per item for its header.
    /// Defaults to 64 MiB.
    ///
    /// Beyond it only that dump ends, with kind [`Limit`](crate::ErrorKind::Limit).
    #[must_use]
    pub fn dump_limit(mut self, bytes: usize) -> Self {
        self.limits.dump = bytes;
        self
    }

    /// Sets how many unread events of one subscription are buffered. Defaults to 1024.
    ///
    /// The events that its reader has already taken do not count. Events beyond the limit are
    /// counted and reported as [`Notice::Lagged`](crate::events::Notice::Lagged).
    #[must_use]
    pub fn event_limit(mut self, events: usize) -> Self {
        self.limits.events = events;
        self
    }

    /// Sets how many bytes of requests are buffered while VPP does not read. Defaults to 64 MiB.
    ///
    /// Beyond it calls are not sent and fail with kind [`Limit`](crate::ErrorKind::Limit).
    /// [`Client::ready`] waits until a request can be queued.
    #[must_use]
    pub fn write_limit(mut self, bytes: usize) -> Self {
        self.limits.writes = bytes;
        self
    }

    /// Sets how many bytes this client buffers in total: unread answers and events, and requests
    /// that VPP has not read. Defaults to 256 MiB.
    ///
    /// Beyond it calls are not sent, and a call or dump whose answer cannot be buffered ends,
    /// both with kind [`Limit`](crate::ErrorKind::Limit). Events are counted and reported as
    /// [`Notice::Lagged`](crate::events::Notice::Lagged).
    #[must_use]
    pub fn memory_limit(mut self, bytes: usize) -> Self {
        self.limits.memory = bytes;
        self
    }

    /// Enables reconnecting after the connection is lost, and retries while VPP is not running
    /// yet. By default the connection closes when it is lost.
    #[must_use]
    pub fn reconnect(mut self, policy: ReconnectPolicy) -> Self {
        self.reconnect = Some(policy);
        self
    }

    /// Enables health checks: pings a silent VPP, and treats the connection as lost if VPP does
    /// not answer. Off by default.
    #[must_use]
    pub fn health_check(mut self, check: HealthCheck) -> Self {
        self.health = Some(check);
        self
    }

    /// Records the last messages of both directions, which [`Client::trace`] returns. Off by
    /// default.
    #[must_use]
    pub fn trace(mut self, options: TraceOptions) -> Self {
        self.limits.trace = Some(options);
        self
    }

    /// Sets whether requests wait while the connection is being re-established. Off by default.
    /// See [`Client::with_wait_for_connection`].
    #[must_use]
    pub fn wait_for_connection(mut self, wait: bool) -> Self {
        self.wait_for_connection = wait;
        self
    }

    /// Connects to VPP. With a reconnect policy this waits until VPP is running.
    ///
    /// # Errors
    /// Kind [`Connect`](crate::ErrorKind::Connect) or [`Timeout`](crate::ErrorKind::Timeout)
    /// if VPP cannot be reached and there is no policy or it has no attempts left;
    /// [`Config`](crate::ErrorKind::Config) if the name is too long.
    ///
    /// # Cancel safety
    /// Dropping the future closes the socket.
    pub async fn connect(self) -> Result<(Client, Connection), Error> {
        let (client, mut connection) = self.connect_lazy()?;
        connection.established().await?;
        Ok((client, connection))
    }

    /// Returns a client at once. The connection is established when it is polled.
    ///
    /// Until then calls fail, unless they [wait for the connection](Self::wait_for_connection).
    ///
    /// # Errors
    /// Kind [`Config`](crate::ErrorKind::Config) if the name is too long.
    pub fn connect_lazy(self) -> Result<(Client, Connection), Error> {
        let (client, setup) = self.parts()?;
        let shared = Arc::clone(&client.sender().shared);
        Ok((client, Connection::new(shared, setup)))
    }

    /// Connects over an open stream, such as a socket pair or a tunnel.
    ///
    /// When the stream ends, a reconnect policy connects to the [`socket`](Self::socket).
    ///
    /// # Errors
    /// Kind [`Connect`](crate::ErrorKind::Connect) if the handshake fails,
    /// [`Timeout`](crate::ErrorKind::Timeout) if the peer does not answer.
    ///
    /// # Cancel safety
    /// Dropping the future drops the stream.
    pub async fn handshake<S>(self, stream: S) -> Result<(Client, Connection), Error>
    where
        S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
    {
        let (client, setup) = self.parts()?;
        let io: Box<dyn Io> = Box::new(stream);
        let shared = Arc::clone(&client.sender().shared);
        let mut connection = Connection::over(shared, setup, io);
        connection.established().await?;
        Ok((client, connection))
    }

    /// The socket, the client's name and the timeout.
    #[cfg(feature = "vpp-api-transport")]
    pub(crate) fn target(&self) -> (PathBuf, Option<&str>, Duration) {
        let path = self.socket.clone().unwrap_or_else(socket_path);
        (path, self.name.as_deref(), self.timeout)
    }

    pub(crate) fn parts(self) -> Result<(Client, Setup), Error> {
        let name = match &self.name {
            Some(name) => FixedString::new(name).map_err(Error::name)?,
            None => program_name(),
        };
        let setup = Setup {
            path: self.socket.unwrap_or_else(socket_path),
            name,
            timeout: self.timeout,
            reconnect: self.reconnect,
            health: self.health,
        };
        let client = Client::new(Sender {
            shared: Shared::new(self.limits),
            timeout: self.timeout,
            waits: self.wait_for_connection,
        });
        Ok((client, setup))
    }
}

// Here and not in `client.rs`, which would otherwise import this file.
impl Client {
    /// Returns a builder that sets the socket, limits and reconnect policy.
    ///
    /// ```no_run
    /// # async fn example() -> Result<(), vpp_client::Error> {
    /// use vpp_client::Client;
    ///
    /// let (client, connection) = Client::builder().name("example").connect().await?;
    /// tokio::spawn(connection);
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn builder() -> Builder {
        Builder::new()
    }
}

impl fmt::Debug for Builder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Builder")
            .field("socket", &self.socket)
            .field("name", &self.name)
            .field("timeout", &self.timeout)
            .field("limits", &self.limits)
            .field("reconnect", &self.reconnect)
            .field("health_check", &self.health)
            .field("wait_for_connection", &self.wait_for_connection)
            .finish()
    }
}

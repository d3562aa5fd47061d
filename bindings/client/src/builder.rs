use std::env;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite};
use vpp_wire::{FixedString, frame};

use crate::calls::Sender;
use crate::connection::{Io, Setup};
use crate::shared::{Limits, Shared};
use crate::{Client, Connection, Error, HealthCheck, ReconnectPolicy};

/// The socket of a VPP that runs as root with the default configuration.
pub const DEFAULT_SOCKET: &str = "/run/vpp/api.sock";

/// The environment variable that names another socket.
const SOCKET_VARIABLE: &str = "VPP_API_SOCKET";

/// The default socket: the environment variable `VPP_API_SOCKET` if it is set and not empty,
/// else [`DEFAULT_SOCKET`].
#[must_use]
pub fn socket_path() -> PathBuf {
    let named = env::var_os(SOCKET_VARIABLE).filter(|path| !path.is_empty());
    named.map_or_else(|| DEFAULT_SOCKET.into(), PathBuf::from)
}

pub(crate) const DEFAULT_LIMITS: Limits = Limits {
    frame: frame::MAX_PAYLOAD,
    dump: 64 << 20,
    events: 1024,
    writes: 64 << 20,
    memory: 256 << 20,
};

/// Parameters for connecting, and the limits of the client.
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
    waits: bool,
}

impl Default for Builder {
    fn default() -> Self {
        Self::new()
    }
}

impl Builder {
    /// The defaults, each named at its method.
    #[must_use]
    pub fn new() -> Self {
        Self {
            socket: None,
            name: None,
            timeout: Duration::from_secs(5),
            limits: DEFAULT_LIMITS,
            reconnect: None,
            health: None,
            waits: false,
        }
    }

    /// VPP's API socket; [`socket_path()`] by default.
    #[must_use]
    pub fn socket(mut self, path: impl AsRef<Path>) -> Self {
        self.socket = Some(path.as_ref().to_owned());
        self
    }

    /// The client's name as VPP's `show api clients` prints it, at most 63 bytes; the
    /// program's own name by default.
    #[must_use]
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// How long VPP may take to answer a call, or stay silent during a dump; also how long
    /// connecting and the handshake may take together. 5 s by default.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// The largest payload in bytes, either way; 64 MiB by default. A larger one to be sent is
    /// an error of its call; a larger one that arrives ends the connection.
    #[must_use]
    pub fn max_frame(mut self, bytes: usize) -> Self {
        // VPP's own arithmetic fails from 0xFFFFFFF0 on.
        self.limits.frame = bytes.min(0x7fff_ffff);
        self
    }

    /// How many bytes of one dump may wait to be read, with 16 for the header of each item;
    /// 64 MiB by default. Beyond it that dump alone ends with kind
    /// [`Limit`](crate::ErrorKind::Limit).
    #[must_use]
    pub fn dump_limit(mut self, bytes: usize) -> Self {
        self.limits.dump = bytes;
        self
    }

    /// How many events of one subscription may wait to be read, apart from those that its
    /// reader has already taken; 1024 by default. Events beyond it are counted and reported as
    /// [`Notice::Lagged`](crate::Notice::Lagged).
    #[must_use]
    pub fn event_limit(mut self, events: usize) -> Self {
        self.limits.events = events;
        self
    }

    /// How many bytes of requests may wait because VPP does not read; 64 MiB by default. Beyond
    /// it calls fail with kind [`Limit`](crate::ErrorKind::Limit) and are not sent;
    /// [`Client::ready`] waits for room.
    #[must_use]
    pub fn write_limit(mut self, bytes: usize) -> Self {
        self.limits.writes = bytes;
        self
    }

    /// How many bytes may wait in this client in all: unread answers and events, and requests
    /// that VPP has not read; 256 MiB by default.
    ///
    /// Beyond it a call is not sent, and the call or dump whose answer finds no room ends, both
    /// with kind [`Limit`](crate::ErrorKind::Limit); events are counted and reported as
    /// [`Notice::Lagged`](crate::Notice::Lagged).
    #[must_use]
    pub fn memory_limit(mut self, bytes: usize) -> Self {
        self.limits.memory = bytes;
        self
    }

    /// Re-establishes the connection after it is lost, and waits for a VPP that is not running
    /// yet. By default a connection ends when it is lost.
    #[must_use]
    pub fn reconnect(mut self, policy: ReconnectPolicy) -> Self {
        self.reconnect = Some(policy);
        self
    }

    /// Pings a VPP that stays silent, and takes one that does not answer for lost; off by
    /// default.
    #[must_use]
    pub fn health_check(mut self, check: HealthCheck) -> Self {
        self.health = Some(check);
        self
    }

    /// Whether requests wait for the connection while it is being re-established; off by
    /// default. See [`Client::with_wait_for_connection`].
    #[must_use]
    pub fn wait_for_connection(mut self, wait: bool) -> Self {
        self.waits = wait;
        self
    }

    /// Connects. With a reconnect policy this waits until VPP is running.
    ///
    /// # Errors
    /// Kind [`Connect`](crate::ErrorKind::Connect) or [`Timeout`](crate::ErrorKind::Timeout)
    /// when VPP cannot be reached and the policy, if any, has no attempts left;
    /// [`Config`](crate::ErrorKind::Config) when the name is too long.
    ///
    /// # Cancel safety
    /// Dropping the future closes the socket.
    pub async fn connect(self) -> Result<(Client, Connection), Error> {
        let (client, mut connection) = self.connect_lazy()?;
        connection.established().await?;
        Ok((client, connection))
    }

    /// Returns a client at once; its connection is made once it is polled.
    ///
    /// Calls fail until it is established, unless they
    /// [wait for it](Self::wait_for_connection).
    ///
    /// # Errors
    /// Kind [`Config`](crate::ErrorKind::Config) when the name is too long.
    pub fn connect_lazy(self) -> Result<(Client, Connection), Error> {
        let (client, setup) = self.parts()?;
        let shared = Arc::clone(&client.sender().shared);
        Ok((client, Connection::new(shared, setup)))
    }

    /// Connects a client for programs that are not async.
    ///
    /// # Errors
    /// Those of [`connect`](Self::connect), and kind
    /// [`Disconnected`](crate::ErrorKind::Disconnected) when no thread can be started.
    #[cfg(feature = "blocking")]
    pub fn connect_blocking(self) -> Result<crate::blocking::Client, Error> {
        crate::blocking::Client::start(self)
    }

    /// Registers the client on a stream that is open already: a socket pair, a tunnel.
    ///
    /// When the stream ends, a reconnect policy connects to the [`socket`](Self::socket).
    ///
    /// # Errors
    /// Kind [`Connect`](crate::ErrorKind::Connect) when the peer does not answer like VPP,
    /// [`Timeout`](crate::ErrorKind::Timeout) when it does not answer.
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
            waits: self.waits,
        });
        Ok((client, setup))
    }
}

/// The program's own name, as far as it fits.
fn program_name() -> FixedString<64> {
    let program = env::args_os().next().map(PathBuf::from);
    let name = program
        .as_deref()
        .and_then(Path::file_name)
        .unwrap_or_default();
    let name = name.to_string_lossy();
    let mut end = name.len().min(FixedString::<64>::ROOM);
    while !name.is_char_boundary(end) {
        end -= 1;
    }
    FixedString::new(name.get(..end).unwrap_or_default()).unwrap_or_default()
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
            .field("wait_for_connection", &self.waits)
            .finish()
    }
}

use std::env;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite};
use vpp_wire::{FixedString, frame};

use crate::connection::Setup;
use crate::handshake::Io;
use crate::shared::{Limits, Shared};
use crate::{Client, Connection, Error, ReconnectPolicy, blocking};

/// Where VPP listens when it runs as root and its configuration says nothing else.
pub const DEFAULT_SOCKET: &str = "/run/vpp/api.sock";

/// The variable that names another socket.
const SOCKET_VARIABLE: &str = "VPP_API_SOCKET";

/// The socket that is used unless a program names one: the environment variable
/// `VPP_API_SOCKET` where it is set and not empty, else [`DEFAULT_SOCKET`].
#[must_use]
pub fn socket_path() -> PathBuf {
    let named = env::var_os(SOCKET_VARIABLE).filter(|path| !path.is_empty());
    named.map_or_else(|| DEFAULT_SOCKET.into(), PathBuf::from)
}

/// How to connect, and the limits that hold from then on.
#[derive(Clone)]
pub struct Builder {
    socket: Option<PathBuf>,
    name: Option<String>,
    timeout: Duration,
    limits: Limits,
    reconnect: Option<ReconnectPolicy>,
}

impl Default for Builder {
    fn default() -> Self {
        Self::new()
    }
}

impl Builder {
    /// The defaults, each named at its setter.
    #[must_use]
    pub fn new() -> Self {
        Self {
            socket: None,
            name: None,
            timeout: Duration::from_secs(5),
            limits: Limits {
                frame: frame::MAX_PAYLOAD,
                dump: 64 << 20,
                events: 1024,
            },
            reconnect: None,
        }
    }

    /// VPP's API socket; [`socket_path()`] unless set.
    #[must_use]
    pub fn socket(mut self, path: impl AsRef<Path>) -> Self {
        self.socket = Some(path.as_ref().to_owned());
        self
    }

    /// The client's name as VPP's `show api clients` prints it, at most 63 bytes; the
    /// program's own name unless set.
    #[must_use]
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// How long VPP may take to answer a call, or be silent during a dump; also how long
    /// the handshake may take. 5 s unless set.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// The largest payload in bytes, either way; 64 MiB unless set. A larger one that is
    /// to be sent is an error of its call, a larger one that arrives ends the connection.
    #[must_use]
    pub fn max_frame(mut self, bytes: usize) -> Self {
        // VPP's own arithmetic fails from 0xFFFFFFF0 on.
        self.limits.frame = bytes.min(0x7fff_ffff);
        self
    }

    /// How many bytes of one dump may wait to be read, 16 for each item's frame included;
    /// 64 MiB unless set.
    #[must_use]
    pub fn dump_limit(mut self, bytes: usize) -> Self {
        self.limits.dump = bytes;
        self
    }

    /// How many events of one subscription may wait to be read, beside those that its
    /// reader has already taken; 1024 unless set. Events beyond are counted and reported.
    #[must_use]
    pub fn event_limit(mut self, events: usize) -> Self {
        self.limits.events = events;
        self
    }

    /// Connects again when the connection is lost, and waits for a VPP that is not there
    /// yet. Unless set, a connection ends when it is lost.
    #[must_use]
    pub fn reconnect(mut self, policy: ReconnectPolicy) -> Self {
        self.reconnect = Some(policy);
        self
    }

    /// Connects. With a reconnect policy this waits until VPP is there.
    ///
    /// # Errors
    /// When VPP cannot be reached and the policy, if any, has no attempts left.
    pub async fn connect(self) -> Result<(Client, Connection), Error> {
        let (client, mut connection) = self.connect_lazy()?;
        connection.stand().await?;
        Ok((client, connection))
    }

    /// A client at once, whose connection is made once it is polled.
    ///
    /// Calls fail until it stands; [`Client::connected`] waits for that.
    ///
    /// # Errors
    /// When the name is too long.
    pub fn connect_lazy(self) -> Result<(Client, Connection), Error> {
        let (client, shared, setup) = self.parts()?;
        Ok((client, Connection::new(shared, setup)))
    }

    /// Connects a client for programs that are not async; a thread of its own keeps the
    /// connection.
    ///
    /// # Errors
    /// As [`connect`](Self::connect), and when no thread can be started.
    pub fn connect_blocking(self) -> Result<blocking::Client, Error> {
        blocking::Client::start(self)
    }

    /// Introduces the client on a stream that is open already: a socket pair, a tunnel.
    ///
    /// When the stream ends, a reconnect policy leads to the [`socket`](Self::socket).
    ///
    /// # Errors
    /// When the peer does not answer like VPP.
    pub async fn handshake<S>(self, stream: S) -> Result<(Client, Connection), Error>
    where
        S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
    {
        let (client, shared, setup) = self.parts()?;
        let io: Box<dyn Io> = Box::new(stream);
        let mut connection = Connection::over(shared, setup, io);
        connection.stand().await?;
        Ok((client, connection))
    }

    /// The socket and the client's name that this would connect with.
    #[cfg(feature = "vpp-api-transport")]
    pub(crate) fn target(&self) -> (PathBuf, Option<&str>, Duration) {
        let path = self.socket.clone().unwrap_or_else(socket_path);
        (path, self.name.as_deref(), self.timeout)
    }

    fn parts(self) -> Result<(Client, Arc<Shared>, Setup), Error> {
        let name = match &self.name {
            Some(name) => FixedString::new(name)
                .map_err(|error| Error::handshake_because("the client's name", error))?,
            None => program_name(),
        };
        let setup = Setup {
            path: self.socket.unwrap_or_else(socket_path),
            name,
            timeout: self.timeout,
            reconnect: self.reconnect,
        };
        let shared = Shared::new(self.limits);
        Ok((
            Client::new(Arc::clone(&shared), self.timeout),
            shared,
            setup,
        ))
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
            .finish()
    }
}

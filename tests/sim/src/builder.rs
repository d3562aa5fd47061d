use std::io;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use rustix::net::listen;
use tokio::net::UnixListener;
use tokio::sync::watch;

use crate::server::{Core, Settings, Shared, serve};
use crate::stats::{Stats, StatsServer};
use crate::{FaultRule, Plugin, Release, Sim, SimThread};

/// The length of the listen queue, as in VPP's `clib_socket_init`.
const BACKLOG: i32 = 5;

/// The size of the stats segment in bytes, as `STAT_SEGMENT_DEFAULT_SIZE`.
const STATS_SIZE: usize = 32 << 20;

/// The configuration of a simulator.
#[derive(Debug, Clone)]
pub struct SimBuilder {
    release: Release,
    socket: Option<PathBuf>,
    runtime_dir: Option<PathBuf>,
    faults: Vec<FaultRule>,
    plugins: Vec<Plugin>,
    interfaces: usize,
    seed: u32,
    stats_socket: Option<PathBuf>,
    stats_size: usize,
    stats_interval: Option<Duration>,
}

impl SimBuilder {
    pub(crate) fn new() -> Self {
        Self {
            release: Release::default(),
            socket: None,
            runtime_dir: None,
            faults: Vec::new(),
            plugins: Vec::new(),
            interfaces: 0,
            seed: std::process::id(),
            stats_socket: None,
            stats_size: STATS_SIZE,
            stats_interval: None,
        }
    }

    /// The release to simulate. Default: [`Release::LATEST`].
    #[must_use]
    pub fn release(self, release: Release) -> Self {
        Self { release, ..self }
    }

    /// The path of the API socket. Default: a socket in a temporary folder.
    #[must_use]
    pub fn socket(self, path: impl Into<PathBuf>) -> Self {
        let socket = Some(path.into());
        Self { socket, ..self }
    }

    /// VPP's runtime folder, which relative memif socket names refer to. Default: the folder
    /// of the API socket.
    #[must_use]
    pub fn runtime_dir(self, path: impl Into<PathBuf>) -> Self {
        let runtime_dir = Some(path.into());
        Self {
            runtime_dir,
            ..self
        }
    }

    /// Adds fault rules. The first rule that matches a message applies.
    #[must_use]
    pub fn faults(mut self, rules: impl IntoIterator<Item = FaultRule>) -> Self {
        self.faults.extend(rules);
        self
    }

    /// Loads a plugin, whose messages its closures handle.
    #[must_use]
    pub fn plugin(mut self, plugin: Plugin) -> Self {
        self.plugins.push(plugin);
        self
    }

    /// The number of loopbacks that exist at the start. Default: 0.
    #[must_use]
    pub fn interfaces(self, count: usize) -> Self {
        Self {
            interfaces: count,
            ..self
        }
    }

    /// The seed of message ids and generated MAC addresses. Default: the process id.
    #[must_use]
    pub fn seed(self, seed: u32) -> Self {
        Self { seed, ..self }
    }

    /// Serves a stats segment on a socket with this path. It replaces a stale socket file.
    /// Default: no stats segment.
    #[must_use]
    pub fn stats_socket(self, path: impl Into<PathBuf>) -> Self {
        let stats_socket = Some(path.into());
        Self {
            stats_socket,
            ..self
        }
    }

    /// The size of the stats segment in bytes. Default: 32 MiB, as in VPP. That holds 3,400
    /// interfaces, and 128 MiB hold 13,000. Only the part in use takes memory.
    #[must_use]
    pub fn stats_size(self, bytes: usize) -> Self {
        Self {
            stats_size: bytes,
            ..self
        }
    }

    /// The time between two heartbeats in the stats segment, at least 1 ms. Default: the
    /// heartbeat changes only with [`Stats::collect`]. VPP's default is 10 seconds.
    #[must_use]
    pub fn stats_interval(self, interval: Duration) -> Self {
        let stats_interval = Some(interval);
        Self {
            stats_interval,
            ..self
        }
    }

    /// Starts the simulator in the current tokio runtime.
    ///
    /// It replaces a stale socket file.
    ///
    /// # Errors
    /// If another process listens on a socket, a socket cannot be bound, or the stats segment
    /// cannot be created.
    pub async fn start(self) -> io::Result<Sim> {
        let (folder, socket) = match self.socket {
            Some(socket) => (None, socket),
            None => {
                let folder = tempfile::Builder::new().prefix("vpp-sim-").tempdir()?;
                let socket = folder.path().join("api.sock");
                (Some(folder), socket)
            }
        };
        let parent = socket.parent().unwrap_or(Path::new(""));
        let stats = match self.stats_socket {
            Some(path) => Some(Arc::new(Stats::new(self.release, self.stats_size, path)?)),
            None => None,
        };
        let settings = Settings {
            release: self.release,
            runtime_dir: self.runtime_dir.unwrap_or_else(|| parent.to_owned()),
            loopbacks: self.interfaces,
            seed: self.seed,
            stats: stats.clone(),
        };
        let listener = bind(&socket)?;
        let shared = Arc::new(Shared::new(Core::new(settings, self.faults, self.plugins)));
        // The segment now has all interfaces, so that clients can get it.
        let stats = match stats {
            Some(stats) => {
                let started = StatsServer::start(stats, self.stats_interval);
                Some(started.inspect_err(|_| drop(std::fs::remove_file(&socket)))?)
            }
            None => None,
        };
        let (stop, stopped) = watch::channel(false);
        let server = tokio::spawn(serve(shared.clone(), listener, stopped));
        Ok(Sim::new(shared, socket, folder, stats, stop, server))
    }

    /// Starts the simulator in its own thread, for programs and tests without tokio.
    ///
    /// # Errors
    /// As [`start`](Self::start), and if the thread cannot be started.
    pub fn start_thread(self) -> io::Result<SimThread> {
        SimThread::start(self)
    }
}

/// Listens on a path and replaces a stale socket file. Errors name the path.
fn bind(socket: &Path) -> io::Result<UnixListener> {
    let free = match UnixStream::connect(socket) {
        Ok(_) => Err(io::Error::new(
            io::ErrorKind::AddrInUse,
            "another process listens on it",
        )),
        Err(error) if error.kind() == io::ErrorKind::ConnectionRefused => {
            std::fs::remove_file(socket)
        }
        Err(_) => Ok(()),
    };
    let bound = free.and_then(|()| UnixListener::bind(socket));
    bound
        .and_then(|listener| {
            listen(&listener, BACKLOG)?;
            Ok(listener)
        })
        .map_err(|error| {
            let text = format!("cannot listen on {}: {error}", socket.display());
            io::Error::new(error.kind(), text)
        })
}

use std::io;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustix::net::listen;
use tokio::net::UnixListener;
use tokio::sync::watch;

use crate::server::{Core, Settings, Shared, serve};
use crate::{FaultRule, Plugin, Release, Sim, SimThread};

/// How many connections queue: `listen(2)` of VPP's `clib_socket_init`.
const BACKLOG: i32 = 5;

/// What to play, and where.
#[derive(Debug, Clone)]
pub struct SimBuilder {
    release: Release,
    socket: Option<PathBuf>,
    runtime_dir: Option<PathBuf>,
    faults: Vec<FaultRule>,
    plugins: Vec<Plugin>,
    interfaces: usize,
    seed: u32,
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
            // Two simulators of one process differ, as two VPPs do.
            seed: std::process::id(),
        }
    }

    /// The release to play; 26.06 unless set.
    #[must_use]
    pub fn release(self, release: Release) -> Self {
        Self { release, ..self }
    }

    /// Where to listen; in a temporary folder of its own unless set.
    #[must_use]
    pub fn socket(self, path: impl Into<PathBuf>) -> Self {
        let socket = Some(path.into());
        Self { socket, ..self }
    }

    /// VPP's runtime folder, where relative memif sockets go; the folder of the API
    /// socket unless set.
    #[must_use]
    pub fn runtime_dir(self, path: impl Into<PathBuf>) -> Self {
        let runtime_dir = Some(path.into());
        Self {
            runtime_dir,
            ..self
        }
    }

    /// What goes wrong from the start; the first rule for a message decides.
    #[must_use]
    pub fn faults(mut self, rules: impl IntoIterator<Item = FaultRule>) -> Self {
        self.faults.extend(rules);
        self
    }

    /// Loads a plugin whose messages the simulator does not know by itself.
    #[must_use]
    pub fn plugin(mut self, plugin: Plugin) -> Self {
        self.plugins.push(plugin);
        self
    }

    /// How many loopbacks there are from the start.
    #[must_use]
    pub fn interfaces(self, count: usize) -> Self {
        Self {
            interfaces: count,
            ..self
        }
    }

    /// What message ids and made-up MAC addresses depend on; the process id unless set.
    #[must_use]
    pub fn seed(self, seed: u32) -> Self {
        Self { seed, ..self }
    }

    /// Listens and serves in the tokio runtime that this is called in.
    ///
    /// A stale socket file is replaced, one that somebody listens on is an error.
    ///
    /// # Errors
    /// When the socket cannot be bound.
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
        let settings = Settings {
            release: self.release,
            runtime_dir: self.runtime_dir.unwrap_or_else(|| parent.to_owned()),
            loopbacks: self.interfaces,
            seed: self.seed,
        };
        let listener = bind(&socket)?;
        let shared = Arc::new(Shared::new(Core::new(settings, self.faults, self.plugins)));
        let (stop, stopped) = watch::channel(false);
        let server = tokio::spawn(serve(shared.clone(), listener, stopped));
        Ok(Sim::new(shared, socket, folder, stop, server))
    }

    /// Serves in a thread of its own, for programs and tests without tokio.
    ///
    /// # Errors
    /// When the socket cannot be bound or the thread not be started.
    pub fn start_thread(self) -> io::Result<SimThread> {
        SimThread::start(self)
    }
}

/// Listens, in the place of a socket file that nobody listens on; errors name the path.
fn bind(socket: &Path) -> io::Result<UnixListener> {
    let free = match UnixStream::connect(socket) {
        Ok(_) => Err(io::Error::new(
            io::ErrorKind::AddrInUse,
            "somebody listens there already",
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

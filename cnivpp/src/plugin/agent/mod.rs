//! The node agent: restores attachments when a VPP has restarted, and removes stale ones.
//!
//! | file | content |
//! |---|---|
//! | `watcher` | one task per VPP: waits for it, and restores its attachments |
//! | `boot` | identifies one run of a VPP |
//! | `status` | what the tasks have done, for the reports |
//! | `metrics` | the reports as OpenMetrics |
//! | `server`, `address` | the HTTP endpoints, and where they listen |
//! | `health` | the client of these endpoints, for probes |

mod address;
mod boot;
mod health;
mod metrics;
mod server;
mod status;
mod watcher;

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::signal::unix::{SignalKind, signal};
use tokio::task::{AbortHandle, JoinSet};
use tokio::time::sleep;

pub(super) use address::Address;
pub(super) use health::check;

use self::status::Status;
use super::node::Node;
use super::{failure, sweep};
use crate::cni::{Error, Result};
use crate::install::{Kubeconfig, keep_kubeconfig};
use crate::kubernetes;
use crate::localdb::boot_id;

/// The time limit of one sweep.
const SWEEP_TIME: Duration = Duration::from_secs(30);

/// The options of the agent.
#[derive(Debug, Clone, clap::Args)]
pub(super) struct Options {
    /// Serve /metrics, /healthz, /readyz and /attachments on unix:PATH or a loopback ADDRESS:PORT
    #[arg(long, value_name = "ADDRESS")]
    listen: Option<Address>,

    /// Seconds between two looks for stale attachments and for records with another VPP
    #[arg(long, value_name = "SECONDS", default_value_t = 30,
          value_parser = clap::value_parser!(u64).range(1..=3600))]
    interval: u64,

    /// Keep a kubeconfig with the service account of this pod, and renew its token
    #[arg(long, value_name = "PATH")]
    kubeconfig_out: Option<PathBuf>,
}

/// What all tasks of the agent use.
struct Shared {
    node: Node,
    status: Status,
    boot_id: String,
}

/// Runs the agent until SIGTERM or SIGINT. An interrupted restore continues with the next start.
///
/// # Errors
/// Another agent uses the state folder, or the address cannot be used.
pub(super) async fn run(state_dir: &Path, socket: PathBuf, options: &Options) -> Result<()> {
    let node = Node::open(state_dir, false)?;
    let Some(_lock) = node.try_lock_agent()? else {
        let why = format!(
            "another agent uses the state folder {}",
            state_dir.display()
        );
        return Err(Error::config(why));
    };
    let shared = Arc::new(Shared {
        node,
        status: Status::default(),
        boot_id: boot_id().map_err(failure::of_file)?,
    });
    let failed = |error: std::io::Error| Error::io(format!("cannot handle signals: {error}"));
    let mut terminate = signal(SignalKind::terminate()).map_err(failed)?;
    let mut interrupt = signal(SignalKind::interrupt()).map_err(failed)?;
    let mut tasks = JoinSet::new();
    if let Some(address) = &options.listen {
        let listener = address.bind().await?;
        server::start(listener, Arc::clone(&shared), &mut tasks);
    }
    if let Some(path) = &options.kubeconfig_out {
        tasks.spawn(keep_kubeconfig(of_service_account()?, path.clone()));
    }
    let interval = Duration::from_secs(options.interval);
    tracing::info!("the agent runs on {}", state_dir.display());
    tokio::select! {
        ended = keep(&shared, socket, interval, &mut tasks) => ended?,
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    tasks.shutdown().await;
    Ok(())
}

/// Returns the credentials that Kubernetes gives the pod of this process.
pub(super) fn of_service_account() -> Result<Kubeconfig> {
    let variable = |name: &str| {
        std::env::var(name).map_err(|_| {
            let why = format!("{name} is not set, but a kubeconfig is to be written");
            Error::config(why).with_details("run it in a pod of Kubernetes, with a service account")
        })
    };
    let [host, port] = kubernetes::Access::SERVICE;
    Ok(Kubeconfig {
        account: Kubeconfig::ACCOUNT.into(),
        host: variable(host)?,
        port: variable(port)?,
    })
}

/// Sweeps at intervals, and watches the VPPs that records name, and the one at `socket`.
///
/// # Errors
/// A task has failed, which is a bug. The agent then ends, so that it is started again.
async fn keep(
    shared: &Arc<Shared>,
    socket: PathBuf,
    interval: Duration,
    tasks: &mut JoinSet<()>,
) -> Result<()> {
    let mut watched: HashMap<PathBuf, AbortHandle> = HashMap::new();
    loop {
        match shared.node.valid() {
            Ok(records) => {
                shared.status.content().retain(&records);
                let sockets = records.into_iter().map(|it| it.vpp_socket);
                let sockets = sockets.chain([socket.clone()]).collect();
                watch(shared, &sockets, &mut watched, tasks);
            }
            Err(error) => tracing::warn!("cannot read the records: {error}"),
        }
        let deadline = Instant::now() + SWEEP_TIME;
        let removed = sweep::pending(&shared.node, &shared.boot_id, deadline).await;
        shared.status.swept(removed);
        let next = sleep(interval);
        tokio::pin!(next);
        loop {
            tokio::select! {
                () = &mut next => break,
                Some(ended) = tasks.join_next() => match ended {
                    Err(error) if error.is_panic() => {
                        return Err(Error::internal(format!("a task of the agent failed: {error}")));
                    }
                    _ => {}
                },
            }
        }
    }
}

/// Starts a watcher for each new VPP, and stops those of VPPs that no record names any more.
fn watch(
    shared: &Arc<Shared>,
    sockets: &HashSet<PathBuf>,
    watched: &mut HashMap<PathBuf, AbortHandle>,
    tasks: &mut JoinSet<()>,
) {
    watched.retain(|socket, watcher| {
        let is_used = sockets.contains(socket);
        if !is_used {
            watcher.abort();
            shared.status.forget(socket);
        }
        is_used
    });
    for socket in sockets {
        if !watched.contains_key(socket) {
            let watcher = watcher::watch(Arc::clone(shared), socket.clone());
            watched.insert(socket.clone(), tasks.spawn(watcher));
        }
    }
}

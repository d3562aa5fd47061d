//! The commands of an operator: what is attached, what is stale, what is wrong.

mod doctor;
mod gc;
mod list;
mod restore;
mod table;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use clap::{Parser, Subcommand};

use super::log;
use super::node::Node;
use crate::cni::{Error, Result};
use crate::netconf::NetConf;

/// CNI plugin for memif and vhost-user interfaces on VPP.
///
/// Without arguments, or with CNI_COMMAND set, it is a CNI plugin: see the CNI specification.
#[derive(Debug, Parser)]
#[command(name = "userspace", version)]
struct Arguments {
    #[command(flatten)]
    common: Common,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Args)]
struct Common {
    /// The folder of the records: stateDir of the configuration
    #[arg(long, global = true, value_name = "FOLDER", default_value = NetConf::STATE_DIR)]
    state_dir: PathBuf,

    /// The API socket of VPP, for what has no record
    #[arg(long, global = true, value_name = "PATH", default_value = NetConf::VPP_SOCKET,
          env = "VPP_API_SOCKET")]
    socket: PathBuf,

    /// How long the command may take, in seconds
    #[arg(long, global = true, value_name = "SECONDS", default_value_t = 60,
          value_parser = clap::value_parser!(u64).range(1..=3600))]
    timeout: u64,

    /// Print one JSON document
    #[arg(long, global = true)]
    json: bool,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// List the attachments of this node
    List,
    /// Remove attachments whose container is gone
    ///
    /// An attachment is stale if DEL has not finished, if the node was rebooted after ADD, or if
    /// its network namespace is gone.
    Gc {
        /// Also remove interfaces on VPP that have this plugin's tag and no record
        #[arg(long)]
        orphans: bool,
    },
    /// Build every attachment again after VPP was restarted
    ///
    /// What is present stays, so that it can be repeated.
    Restore,
    /// Find out what is wrong; changes nothing
    Doctor,
}

/// What a command works with.
struct Shell {
    node: Node,
    socket: PathBuf,
    json: bool,
    by: Instant,
}

/// Runs the command that the arguments name.
pub(super) fn main() -> ExitCode {
    let arguments = Arguments::parse();
    log::start();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let done = match runtime {
        Ok(runtime) => runtime.block_on(run(arguments)),
        Err(error) => Err(Error::io(format!("cannot start the runtime: {error}"))),
    };
    match done {
        Ok(code) => code,
        Err(error) => {
            eprintln!("userspace: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: Arguments) -> Result<ExitCode> {
    let Arguments { common, command } = arguments;
    let shell = Shell {
        node: Node::open(&common.state_dir, false)?,
        socket: common.socket,
        json: common.json,
        by: Instant::now() + Duration::from_secs(common.timeout),
    };
    match command {
        Command::List => list::list(&shell),
        Command::Gc { orphans } => gc::gc(&shell, orphans).await,
        Command::Restore => restore::restore(&shell).await,
        Command::Doctor => doctor::doctor(&shell).await,
    }
}

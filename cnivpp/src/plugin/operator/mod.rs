//! The commands for operators.

mod doctor;
mod gc;
mod install;
mod list;
mod orphans;
mod restore;
mod table;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use clap::{Parser, Subcommand};

use super::agent::{self, Address};
use super::log;
use super::node::Node;
use crate::cni::{Error, Result};
use crate::netconf::{LogLevel, NetConf};

/// CNI plugin for memif and vhost-user interfaces on VPP.
///
/// Without arguments, or if CNI_COMMAND is set, the program runs as a CNI plugin.
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
    /// Folder of the records (stateDir in the configuration)
    #[arg(long, global = true, value_name = "FOLDER", default_value = NetConf::STATE_DIR)]
    state_dir: PathBuf,

    /// API socket of VPP, for doctor and gc --orphans
    #[arg(long, global = true, value_name = "PATH", default_value = NetConf::VPP_SOCKET,
          env = "VPP_API_SOCKET")]
    socket: PathBuf,

    /// Time limit in seconds
    #[arg(long, global = true, value_name = "SECONDS", default_value_t = 60,
          value_parser = clap::value_parser!(u64).range(1..=3600))]
    timeout: u64,

    /// Print one JSON document instead of a table
    #[arg(long, global = true)]
    json: bool,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// List the attachments of this node
    List,
    /// Remove stale attachments
    ///
    /// An attachment is stale if DEL did not finish, if the node was rebooted after ADD, or if its
    /// network namespace was deleted.
    Gc {
        /// Also remove interfaces on VPP that have this plugin's tag but no record
        #[arg(long)]
        orphans: bool,
    },
    /// Recreate all attachments after a restart of VPP
    ///
    /// Existing objects are kept, so the command can be repeated.
    Restore,
    /// Check VPP and the records without changing anything
    Doctor,
    /// Recreate attachments whenever VPP has restarted, and remove stale ones, until a signal
    Agent(agent::Options),
    /// Copy the programs to a folder of the node, by rename
    Install {
        /// The node's folder for CNI plugins
        #[arg(long, value_name = "FOLDER", default_value = "/opt/cni/bin")]
        bin_dir: PathBuf,
        /// Also write a kubeconfig with the service account of this pod
        #[arg(long, value_name = "PATH")]
        kubeconfig_out: Option<PathBuf>,
    },
    /// Ask an agent whether it is alive, for probes
    Health {
        /// The agent's address: unix:PATH or ADDRESS:PORT
        address: Address,
        /// Ask whether every VPP is up and has all attachments
        #[arg(long)]
        ready: bool,
    },
}

/// The node and the options of a command.
struct CommandContext {
    node: Node,
    socket: PathBuf,
    json: bool,
    deadline: Instant,
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
    let timeout = Duration::from_secs(common.timeout);
    let context = || {
        Ok(CommandContext {
            node: Node::open(&common.state_dir, false)?,
            socket: common.socket.clone(),
            json: common.json,
            deadline: Instant::now() + timeout,
        })
    };
    match command {
        Command::List => list::list(&context()?),
        Command::Gc { orphans } => gc::gc(&context()?, orphans).await,
        Command::Restore => restore::restore(&context()?).await,
        Command::Doctor => doctor::doctor(&context()?).await,
        Command::Agent(options) => {
            log::set_level(LogLevel::Info);
            agent::run(&common.state_dir, common.socket, &options).await?;
            Ok(ExitCode::SUCCESS)
        }
        Command::Install {
            bin_dir,
            kubeconfig_out,
        } => install::install(&bin_dir, kubeconfig_out.as_deref()),
        Command::Health { address, ready } => {
            print!("{}", agent::check(&address, ready, timeout).await?);
            Ok(ExitCode::SUCCESS)
        }
    }
}

//! Simulates VPP's control plane on a unix socket until SIGINT or SIGTERM.

use std::io;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;
use tokio::signal::unix::{SignalKind, signal};
use tracing_subscriber::EnvFilter;
use vpp_sim::{FaultRule, Release, Sim};

/// The part of `--help` about faults.
const DETAILS: &str = "\
Faults:
  MESSAGE[@AFTER][#TIMES]=KIND applies KIND to TIMES messages of this name, after AFTER of them
  have passed. MESSAGE is * for all messages. Without #TIMES there is no limit. TIME is a number
  of milliseconds or seconds, such as 250ms or 2s.

  delay:TIME         delay the message, and all that follow it on the connection
  late:TIME          handle the message at once, but send the reply late
  hold               as drop (a test in Rust can send the reply later)
  drop               handle the message, but drop the reply
  lose               drop the message without handling it
  retval:N           reply with this retval without handling the message
  close-before       close the connection before the message is handled
  close-after        handle the message and close the connection without a reply
  close-after-reply  handle the message, reply and close the connection
  restart            restart VPP before the message is handled
  restart-after      handle the message and restart VPP without a reply
  pause              make VPP hang from this message on
  kill-before        kill the client before the message is handled
  kill-after         handle the message and kill the client without a reply
  garbage:BYTES      reply with this many random bytes
  truncate           cut the reply and close the connection
  stop-reading       reply and read nothing more from the connection
  hide               remove the message from the message table
  crc:HEX            show the message with this CRC in the message table

Examples:
  vpp-sim --socket /tmp/vpp.sock
  vpp-sim --socket /tmp/vpp.sock --release v23.02 --interfaces 100
  vpp-sim --socket /tmp/vpp.sock --stats-socket /tmp/stats.sock --stats-interval 1
  vpp-sim --socket /tmp/vpp.sock --fault memif_create_v2#1=retval:-12
  vpp-sim --socket /tmp/vpp.sock --fault '*@7=pause' --verbose

Exit status:
  0  SIGINT or SIGTERM was received
  1  the simulator cannot start
  2  an option is wrong";

/// Simulates VPP's control plane on a unix socket, without VPP.
///
/// Clients connect to the socket as to that of a real VPP, until the program receives SIGINT
/// or SIGTERM.
#[derive(Debug, Parser)]
#[command(version, after_long_help = DETAILS)]
struct Options {
    /// Path of the socket to listen on.
    #[arg(long, value_name = "PATH")]
    socket: PathBuf,
    /// Release of VPP to simulate, v22.10 or later.
    #[arg(long, default_value_t)]
    release: Release,
    /// Fault to inject, MESSAGE[@AFTER][#TIMES]=KIND. May be repeated.
    ///
    /// The first fault that matches a message applies.
    #[arg(long = "fault", value_name = "FAULT")]
    faults: Vec<FaultRule>,
    /// Number of loopbacks that exist at the start.
    #[arg(long, value_name = "COUNT", default_value_t = 0)]
    interfaces: usize,
    /// Folder of relative memif socket names [default: the folder of the socket].
    #[arg(long, value_name = "FOLDER")]
    runtime_dir: Option<PathBuf>,
    /// Path of the socket that hands out a stats segment. Without it there is none.
    #[arg(long, value_name = "PATH")]
    stats_socket: Option<PathBuf>,
    /// Seconds between two heartbeats in the stats segment.
    #[arg(long, value_name = "SECONDS", default_value = "10", value_parser = seconds)]
    stats_interval: Duration,
    /// Size of the stats segment in MiB.
    #[arg(long, value_name = "MIB", default_value_t = 32)]
    stats_size: u32,
    /// Seed of message ids and MAC addresses [default: the process id].
    #[arg(long, value_name = "NUMBER")]
    seed: Option<u32>,
    /// Log every request. RUST_LOG overrides it.
    #[arg(long, short)]
    verbose: bool,
}

fn main() -> ExitCode {
    let options = Options::parse();
    init_log(options.verbose);
    match serve(options) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("vpp-sim: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Serves until SIGINT or SIGTERM.
#[tokio::main(flavor = "current_thread")]
async fn serve(options: Options) -> io::Result<()> {
    let mut builder = Sim::builder()
        .socket(options.socket)
        .release(options.release)
        .faults(options.faults)
        .interfaces(options.interfaces);
    if let Some(folder) = options.runtime_dir {
        builder = builder.runtime_dir(folder);
    }
    if let Some(seed) = options.seed {
        builder = builder.seed(seed);
    }
    if let Some(path) = options.stats_socket {
        // A number that does not fit is larger than any memory, and is refused like it.
        let size = usize::try_from(options.stats_size).unwrap_or(usize::MAX);
        builder = builder
            .stats_socket(path)
            .stats_size(size.saturating_mul(1 << 20))
            .stats_interval(options.stats_interval);
    }
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    let sim = builder.start().await?;
    eprintln!("listening on {}", sim.socket().display());
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
    }
    sim.stop().await;
    Ok(())
}

/// Parses a number of seconds above 0.
fn seconds(text: &str) -> Result<Duration, String> {
    let seconds = text
        .parse()
        .ok()
        .and_then(|it| Duration::try_from_secs_f64(it).ok());
    let seconds = seconds.filter(|it| !it.is_zero());
    seconds.ok_or_else(|| "not a number of seconds above 0, such as 10 or 0.5".to_owned())
}

fn init_log(verbose: bool) {
    let level = if verbose {
        "vpp_sim=trace"
    } else {
        "vpp_sim=warn"
    };
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(level));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(io::stderr)
        .init();
}

//! Plays VPP's control plane on a unix socket until it is told to stop.

use std::io;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use tokio::signal::unix::{SignalKind, signal};
use tracing_subscriber::EnvFilter;
use vpp_sim::{FaultRule, Release, Sim};

/// Plays VPP's control plane on a unix socket.
#[derive(Debug, Parser)]
#[command(version)]
struct Options {
    /// Where to listen.
    #[arg(long, value_name = "PATH")]
    socket: PathBuf,
    /// The release to play, from v22.10 to v26.06.
    #[arg(long, default_value_t)]
    release: Release,
    /// What goes wrong: MESSAGE[@AFTER][#TIMES]=KIND, for example memif_create_v2=retval:-12
    /// or *=delay:50ms. May be given more than once; the first that fits decides.
    ///
    /// Kinds: delay:TIME, late:TIME, hold, drop, lose, retval:N, close-before, close-after,
    /// close-after-reply, restart, restart-after, pause (VPP hangs for good), kill-before and
    /// kill-after (the client is killed), garbage:BYTES, truncate, stop-reading, hide, crc:HEX.
    #[arg(long = "fault", value_name = "FAULT")]
    faults: Vec<FaultRule>,
    /// Loopbacks that are there from the start.
    #[arg(long, value_name = "COUNT", default_value_t = 0)]
    interfaces: usize,
    /// VPP's runtime folder, where relative memif sockets go; that of the socket if not given.
    #[arg(long, value_name = "FOLDER")]
    runtime_dir: Option<PathBuf>,
    /// What message ids and MAC addresses depend on; the process id if not given.
    #[arg(long)]
    seed: Option<u32>,
    /// Logs every request; RUST_LOG says it more finely.
    #[arg(long, short)]
    verbose: bool,
}

fn main() -> ExitCode {
    let options = Options::parse();
    log(options.verbose);
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

fn log(verbose: bool) {
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

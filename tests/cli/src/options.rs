//! The options that all programs have, and the VPP that they select.

use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args;
use vpp_bindings::client;
use vpp_sim::{Release, Sim, SimThread};

use crate::failure::{Failure, Status};

/// The options that all programs have.
#[derive(Debug, Clone, Args)]
pub struct Common {
    /// VPP's API socket [default: $VPP_API_SOCKET, else /run/vpp/api.sock]
    #[arg(long, value_name = "PATH", conflicts_with = "sim")]
    pub socket: Option<PathBuf>,

    /// Configures an embedded simulator instead, for machines without VPP
    #[arg(long)]
    pub sim: bool,

    /// The release of the simulator [default: v26.06]
    #[arg(long, value_name = "RELEASE", requires = "sim")]
    pub sim_release: Option<Release>,

    /// The time before everything is removed
    #[arg(long, value_name = "SECONDS", default_value_t = 30)]
    pub hold: u32,

    /// The deadline of each request
    #[arg(long, value_name = "SECONDS", default_value = "5", value_parser = seconds)]
    pub timeout: Duration,

    /// Prints one JSON document on stdout instead of text
    #[arg(long)]
    pub json: bool,

    /// Logs requests and replies to stderr
    #[arg(long, short)]
    pub verbose: bool,
}

impl Common {
    /// The API socket of a running VPP.
    #[must_use]
    pub fn socket(&self) -> PathBuf {
        self.socket
            .clone()
            .unwrap_or_else(client::connection::socket_path)
    }
}

/// The VPP to configure: a running one, or an embedded simulator.
#[derive(Debug)]
pub struct Target {
    socket: PathBuf,
    simulator: Option<SimThread>,
}

impl Target {
    /// The target that the options select. Starts the simulator if they say so.
    ///
    /// # Errors
    /// The simulator cannot be started.
    pub fn new(options: &Common) -> Result<Self, Failure> {
        if !options.sim {
            let socket = options.socket();
            return Ok(Self {
                socket,
                simulator: None,
            });
        }
        let release = options.sim_release.unwrap_or_default();
        let simulator = Sim::builder().release(release).start_thread();
        let failed = |error| {
            Failure::new(
                Status::Other,
                format!("cannot start the simulator: {error}"),
            )
        };
        let simulator = simulator.map_err(failed)?;
        Ok(Self {
            socket: simulator.socket().to_owned(),
            simulator: Some(simulator),
        })
    }

    /// VPP's API socket.
    #[must_use]
    pub fn socket(&self) -> &Path {
        &self.socket
    }

    /// Whether it is a simulator.
    #[must_use]
    pub fn is_simulator(&self) -> bool {
        self.simulator.is_some()
    }
}

/// Parses a time above zero in seconds, with decimals.
///
/// # Errors
/// The text is not a number, or out of range.
pub fn seconds(text: &str) -> Result<Duration, String> {
    let seconds = text.parse().map_err(|_| "not a number of seconds")?;
    match Duration::try_from_secs_f64(seconds) {
        Ok(time) if !time.is_zero() && seconds <= 86_400.0 => Ok(time),
        _ => Err("out of range (above 0, up to 86400 seconds)".to_owned()),
    }
}

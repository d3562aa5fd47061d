//! The options that all programs have.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use vpp_bindings::client;
use vpp_sim::Release;

/// The options that all programs have.
#[derive(Debug, Clone, Args)]
pub struct Common {
    /// VPP's API socket [default: $VPP_API_SOCKET, else /run/vpp/api.sock]
    #[arg(long, value_name = "PATH", conflicts_with = "sim")]
    pub socket: Option<PathBuf>,

    /// Configure an embedded simulator instead, for machines without VPP
    #[arg(long)]
    pub sim: bool,

    /// The release that the simulator plays [default: v26.06]
    #[arg(long, value_name = "RELEASE", requires = "sim")]
    pub sim_release: Option<Release>,

    /// How long everything stays
    #[arg(long, value_name = "SECONDS", default_value_t = 30)]
    pub hold: u32,

    /// How long VPP may take for each answer
    #[arg(long, value_name = "SECONDS", default_value = "5", value_parser = seconds)]
    pub timeout: Duration,

    /// One JSON document on stdout instead of text
    #[arg(long)]
    pub json: bool,

    /// Log to stderr what the client does
    #[arg(long, short)]
    pub verbose: bool,
}

impl Common {
    /// Where VPP listens, if it is not simulated.
    #[must_use]
    pub fn socket(&self) -> PathBuf {
        self.socket
            .clone()
            .unwrap_or_else(client::connection::socket_path)
    }
}

/// A time above zero in seconds, with decimals.
///
/// # Errors
/// When the text is no such number.
pub fn seconds(text: &str) -> Result<Duration, String> {
    let seconds = text.parse().map_err(|_| "not a number of seconds")?;
    match Duration::try_from_secs_f64(seconds) {
        Ok(time) if !time.is_zero() && seconds <= 86_400.0 => Ok(time),
        _ => Err("a time is more than 0 and at most 86400 seconds".to_owned()),
    }
}

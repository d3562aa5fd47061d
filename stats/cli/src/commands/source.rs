use std::fs::File;
use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use vpp_stats::{Builder, Stats};

use super::Result;

/// Where the counters come from.
#[derive(Args)]
pub(crate) struct Source {
    /// The socket of VPP's stats segment.
    #[arg(
        long,
        global = true,
        value_name = "PATH",
        env = "VPP_STATS_SOCKET",
        default_value = vpp_stats::DEFAULT_SOCKET,
        display_order = 900
    )]
    socket: PathBuf,
    /// Read a saved segment instead.
    #[arg(
        long,
        global = true,
        value_name = "PATH",
        conflicts_with = "socket",
        display_order = 901
    )]
    segment: Option<PathBuf>,
    /// The longest time in seconds to connect, and to wait for the end of an update of VPP.
    #[arg(
        long,
        global = true,
        value_name = "SECONDS",
        default_value = "1",
        value_parser = seconds,
        display_order = 902
    )]
    timeout: Duration,
}

impl Source {
    pub(crate) fn open(&self) -> Result<Stats> {
        let builder = self.builder();
        let Some(path) = &self.segment else {
            return Ok(builder.connect(&self.socket)?);
        };
        let opened = File::open(path)
            .map_err(Box::from)
            .and_then(|file| Ok(builder.from_file(file)?));
        opened.map_err(|error: Box<dyn std::error::Error>| {
            format!("cannot read {}: {error}", path.display()).into()
        })
    }

    /// The options with which to connect.
    pub(crate) fn builder(&self) -> Builder {
        Stats::builder().timeout(self.timeout)
    }

    /// The socket, unless a saved segment is read.
    pub(crate) fn socket(&self) -> Option<&PathBuf> {
        self.segment.is_none().then_some(&self.socket)
    }
}

/// Parses a positive number of seconds, up to a day.
pub(crate) fn seconds(text: &str) -> Result<Duration, String> {
    let seconds: f64 = text.parse().map_err(|_| "not a number".to_owned())?;
    match (0.001..=86_400.0).contains(&seconds) {
        true => Ok(Duration::from_secs_f64(seconds)),
        false => Err("out of range (0.001 to 86400)".to_owned()),
    }
}

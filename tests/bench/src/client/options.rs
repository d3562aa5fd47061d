use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use clap::Parser;

use vpp_cli_tests::options::seconds;

/// Measures the client beside a program that only moves the same bytes.
#[derive(Debug, Clone, Parser)]
#[command(name = "client-bench", version)]
pub struct Options {
    /// VPP's API socket [default: a simulator in a process of its own]
    #[arg(long, value_name = "PATH")]
    pub socket: Option<PathBuf>,

    /// The number of rounds; the best counts
    #[arg(long, value_name = "COUNT", default_value_t = 5,
          value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub rounds: u32,

    /// The time for each work in each round
    #[arg(long, value_name = "SECONDS", default_value = "0.5", value_parser = seconds)]
    pub seconds: Duration,

    /// Creates loopbacks for the dump, tagged `client-bench`, and removes them at the end
    #[arg(long, value_name = "COUNT", default_value_t = 0, requires = "socket",
          value_parser = clap::value_parser!(u32).range(0..=16_384))]
    pub create: u32,

    /// The interfaces of the simulator for the dump
    #[arg(long, value_name = "COUNT", default_value_t = 5000, conflicts_with = "socket",
          value_parser = clap::value_parser!(u32).range(0..=16_384))]
    pub interfaces: u32,

    /// Prints one JSON document instead of a table
    #[arg(long)]
    pub json: bool,

    /// Runs the simulator until stdin ends
    #[arg(long, value_name = "PATH", hide = true, conflicts_with = "socket")]
    pub serve: Option<PathBuf>,
}

/// The kinds of work that are measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Work {
    /// One `control_ping` after the other through the blocking client.
    Sync,
    /// `control_ping` by this number of concurrent callers.
    Pings(usize),
    /// `sw_interface_dump`, with all details decoded.
    Dump,
}

impl Work {
    /// All kinds of work.
    pub const ALL: [Self; 6] = [
        Self::Sync,
        Self::Pings(1),
        Self::Pings(8),
        Self::Pings(64),
        Self::Pings(256),
        Self::Dump,
    ];

    /// The number of requests in flight.
    #[must_use]
    pub fn window(self) -> usize {
        match self {
            Self::Pings(callers) => callers,
            Self::Sync | Self::Dump => 1,
        }
    }

    /// The share of the plain socket's rate that the client should reach.
    #[must_use]
    pub fn target(self) -> Option<f64> {
        match self {
            Self::Sync | Self::Pings(1) => None,
            Self::Pings(_) | Self::Dump => Some(0.9),
        }
    }
}

impl fmt::Display for Work {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sync => f.write_str("ping, blocking client"),
            Self::Pings(1) => f.write_str("ping, 1 caller"),
            Self::Pings(callers) => write!(f, "ping, {callers} callers"),
            Self::Dump => f.write_str("dump, details"),
        }
    }
}

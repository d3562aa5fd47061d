use std::net::{SocketAddr, TcpListener};

use clap::Args;

use super::source::Source;
use super::{Outcome, Result};
use crate::exporter::{self, Exporter, Options};

/// Serve the counters to Prometheus, at /metrics.
///
/// The format is Prometheus text, or OpenMetrics for clients that accept it. VPP is read for each
/// scrape. While it is down, vpp_up is 0. The sum of all threads is exported.
#[derive(Args)]
pub(crate) struct Serve {
    /// Export only entries that match one of these regular expressions.
    patterns: Vec<String>,
    /// The loopback address and port. With port 0 the system chooses one, and it is printed.
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:9482")]
    listen: SocketAddr,
    /// The most series of one metric. What is above is left out and counted in
    /// vpp_exporter_dropped_series.
    #[arg(long, value_name = "N", default_value_t = 10_000)]
    max_series: usize,
    /// Export each thread with a label instead of the sum.
    #[arg(long)]
    per_thread: bool,
    /// Export errors that never happened, too: VPP has thousands.
    #[arg(long)]
    zero_errors: bool,
}

impl Serve {
    pub(super) fn run(&self, source: &Source) -> Result<Outcome> {
        let Some(socket) = source.socket() else {
            return Err("serve needs a running VPP, not a saved segment".into());
        };
        let address = self.listen;
        if !address.ip().is_loopback() {
            return Err(format!(
                "{address} is not a loopback address: the counters have no access control; use a \
                 proxy that has, or a scraper on this host"
            )
            .into());
        }
        let options = Options {
            max_series: self.max_series,
            per_thread: self.per_thread,
            zero_errors: self.zero_errors,
        };
        let exporter = Exporter::new(socket.clone(), source.builder(), &self.patterns, options)?;
        let listener = TcpListener::bind(address)
            .map_err(|error| format!("cannot listen on {address}: {error}"))?;
        eprintln!(
            "vpp-stats: serving http://{}/metrics",
            listener.local_addr()?
        );
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        runtime.block_on(exporter::serve(listener, exporter))?;
        Ok(Outcome::Complete)
    }
}

use std::io;
use std::time::Duration;

use serde::Serialize;

use super::latency::{Latencies, as_f64};
use super::{Options, Work};

/// The result of one measurement.
#[derive(Debug, Clone)]
pub(super) struct Sample {
    done: u64,
    calls: u64,
    time: Duration,
    latencies: Option<Latencies>,
    pub(super) allocations: u64,
}

impl Sample {
    pub(super) fn new(done: u64, time: Duration) -> Self {
        Self {
            done,
            calls: done,
            time,
            latencies: None,
            allocations: 0,
        }
    }

    pub(super) fn with(self, latencies: Latencies) -> Self {
        let latencies = Some(latencies);
        Self { latencies, ..self }
    }

    /// Sets the number of calls, if a call does more than one thing.
    pub(super) fn calls(self, calls: u64) -> Self {
        Self { calls, ..self }
    }

    pub(super) fn rate(&self) -> f64 {
        as_f64(self.done) / self.time.as_secs_f64().max(f64::MIN_POSITIVE)
    }
}

/// The best result of the client for one work, beside the best of the plain socket.
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "the names are sufficient")]
pub struct Figure {
    pub work: String,
    pub client_per_second: f64,
    pub raw_socket_per_second: f64,
    pub ratio: f64,
    pub target: Option<f64>,
    pub p50_microseconds: f64,
    pub p99_microseconds: f64,
    pub allocations_per_call: f64,
    pub items_per_call: f64,
}

impl Figure {
    pub(super) fn new(work: Work, client: &[Sample], raw: &[Sample]) -> Option<Self> {
        let by_rate = |a: &&Sample, b: &&Sample| a.rate().total_cmp(&b.rate());
        let client = client.iter().max_by(by_rate)?;
        let raw = raw.iter().max_by(by_rate)?;
        let percentile = |share| {
            let latencies = client.latencies.as_ref();
            latencies.map_or(0.0, |it| it.percentile(share))
        };
        let calls = as_f64(client.calls.max(1));
        Some(Self {
            work: work.to_string(),
            client_per_second: client.rate(),
            raw_socket_per_second: raw.rate(),
            ratio: client.rate() / raw.rate().max(f64::MIN_POSITIVE),
            target: work.target(),
            p50_microseconds: percentile(0.5),
            p99_microseconds: percentile(0.99),
            allocations_per_call: as_f64(client.allocations) / calls,
            items_per_call: as_f64(client.done) / calls,
        })
    }
}

/// All figures, and the conditions of the measurement.
#[derive(Debug, Serialize)]
pub(super) struct Report {
    vpp: String,
    simulator: bool,
    rounds: u32,
    seconds: f64,
    cpus: usize,
    optimised: bool,
    pub(super) figures: Vec<Figure>,
}

impl Report {
    pub(super) fn new(vpp: String, simulator: bool, options: &Options) -> Self {
        Self {
            vpp,
            simulator,
            rounds: options.rounds,
            seconds: options.seconds.as_secs_f64(),
            cpus: std::thread::available_parallelism().map_or(1, Into::into),
            optimised: !cfg!(debug_assertions),
            figures: Vec::new(),
        }
    }

    /// Writes a table.
    pub(super) fn write(&self, out: &mut dyn io::Write) -> io::Result<()> {
        let what = if self.simulator {
            "simulated VPP"
        } else {
            "VPP"
        };
        writeln!(
            out,
            "{what} {}, {} CPUs, best of {} rounds of {} s{}",
            self.vpp,
            self.cpus,
            self.rounds,
            self.seconds,
            if self.optimised {
                ""
            } else {
                "; NOT OPTIMISED, run with --release"
            }
        )?;
        writeln!(
            out,
            "{:<24}{:>12}{:>14}{:>8}{:>8}{:>11}{:>11}{:>13}",
            "work",
            "client /s",
            "raw socket /s",
            "ratio",
            "target",
            "p50 us",
            "p99 us",
            "allocs/call"
        )?;
        for it in &self.figures {
            let target = it
                .target
                .map_or_else(|| "-".to_owned(), |it| format!("{it:.2}"));
            writeln!(
                out,
                "{:<24}{:>12.0}{:>14.0}{:>8.2}{target:>8}{:>11.1}{:>11.1}{:>13.3}",
                it.work,
                it.client_per_second,
                it.raw_socket_per_second,
                it.ratio,
                it.p50_microseconds,
                it.p99_microseconds,
                it.allocations_per_call,
            )?;
        }
        let items = self.figures.iter().map(|it| it.items_per_call);
        let items = items.fold(0.0, f64::max);
        writeln!(
            out,
            "a dump has {items:.0} details; p50 and p99 are of whole calls"
        )
    }
}

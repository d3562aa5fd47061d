use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use prometheus_client::encoding::text::encode;
use prometheus_client::encoding::{EncodeLabelSet, EncodeLabelValue};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};

use crate::attachment::State;
use crate::plugin::restore::Outcome;

/// The outcomes of restoring all attachments of a VPP.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Counts {
    pub(super) restored: u64,
    pub(super) kept: u64,
    pub(super) skipped: u64,
    pub(super) failed: u64,
}

impl Counts {
    pub(super) fn add(&mut self, outcome: &Outcome) {
        match outcome {
            Outcome::Restored(_) => self.restored += 1,
            Outcome::Kept(_) => self.kept += 1,
            Outcome::Skipped(_) => self.skipped += 1,
            Outcome::Failed(_) => self.failed += 1,
            Outcome::Gone => {}
        }
    }
}

/// The label of metrics per VPP. A node has few.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct PerVpp {
    socket: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct PerOutcome {
    outcome: Kind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EncodeLabelValue)]
#[expect(non_camel_case_types, reason = "these are the values of the label")]
enum Kind {
    restored,
    kept,
    skipped,
    failed,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct PerState {
    state: &'static str,
}

/// The metrics of the agent.
#[derive(Debug)]
pub(super) struct Metrics {
    registry: Registry,
    up: Family<PerVpp, Gauge>,
    runs: Family<PerVpp, Counter>,
    last: Family<PerVpp, Gauge<f64, std::sync::atomic::AtomicU64>>,
    duration: Histogram,
    outcomes: Family<PerOutcome, Counter>,
    swept: Counter,
    attachments: Family<PerState, Gauge>,
}

impl Default for Metrics {
    fn default() -> Self {
        let mut registry = Registry::with_prefix("userspace");
        let new = Self {
            up: Family::default(),
            runs: Family::default(),
            last: Family::default(),
            duration: Histogram::new([0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 100.0]),
            outcomes: Family::default(),
            swept: Counter::default(),
            attachments: Family::default(),
            registry: Registry::default(),
        };
        registry.register("vpp_up", "Whether VPP is connected", new.up.clone());
        registry.register("vpp_runs", "Runs of VPP that were seen", new.runs.clone());
        registry.register_with_unit(
            "last_restore_timestamp",
            "When all attachments were last complete, in Unix time",
            Unit::Seconds,
            new.last.clone(),
        );
        registry.register_with_unit(
            "restore_duration",
            "Time to restore all attachments of a VPP",
            Unit::Seconds,
            new.duration.clone(),
        );
        registry.register(
            "restore_outcomes",
            "Attachments that were looked at in a restore, by outcome",
            new.outcomes.clone(),
        );
        registry.register(
            "swept_attachments",
            "Stale attachments that were removed",
            new.swept.clone(),
        );
        registry.register(
            "attachments",
            "Attachments with a record, by state",
            new.attachments.clone(),
        );
        Self { registry, ..new }
    }
}

impl Metrics {
    pub(super) fn set_up(&self, socket: &Path, is_up: bool) {
        self.up
            .get_or_create(&per_vpp(socket))
            .set(i64::from(is_up));
    }

    pub(super) fn forget(&self, socket: &Path) {
        let labels = per_vpp(socket);
        self.up.remove(&labels);
        self.runs.remove(&labels);
        self.last.remove(&labels);
    }

    pub(super) fn new_run(&self, socket: &Path) {
        self.runs.get_or_create(&per_vpp(socket)).inc();
    }

    pub(super) fn count(&self, counts: Counts) {
        for (outcome, count) in [
            (Kind::restored, counts.restored),
            (Kind::kept, counts.kept),
            (Kind::skipped, counts.skipped),
            (Kind::failed, counts.failed),
        ] {
            self.outcomes
                .get_or_create(&PerOutcome { outcome })
                .inc_by(count);
        }
    }

    pub(super) fn complete(&self, socket: &Path, took: Duration, now: SystemTime) {
        self.duration.observe(took.as_secs_f64());
        let now = now.duration_since(UNIX_EPOCH).unwrap_or_default();
        self.last
            .get_or_create(&per_vpp(socket))
            .set(now.as_secs_f64());
    }

    pub(super) fn swept(&self, removed: u64) {
        self.swept.inc_by(removed);
    }

    /// Returns all metrics as OpenMetrics text. `states` are those of the records.
    pub(super) fn to_text(&self, states: &[State]) -> Result<String, std::fmt::Error> {
        for (state, name) in [
            (State::Adding, "adding"),
            (State::Ready, "ready"),
            (State::Deleting, "deleting"),
        ] {
            let count = states.iter().filter(|it| **it == state).count();
            let gauge = self.attachments.get_or_create(&PerState { state: name });
            gauge.set(i64::try_from(count).unwrap_or(i64::MAX));
        }
        let mut text = String::new();
        encode(&mut text, &self.registry)?;
        Ok(text)
    }
}

fn per_vpp(socket: &Path) -> PerVpp {
    PerVpp {
        socket: socket.to_string_lossy().into_owned(),
    }
}

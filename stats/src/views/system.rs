use crate::error::Result;
use crate::query::Query;
use crate::selection::Selection;
use crate::stats::Stats;
use crate::value::Value;

/// Numbers of the whole VPP (`/sys/…`).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct SystemCounters {
    /// It grows by one in each update interval (`statseg { update-interval }`, 10 seconds by
    /// default). If it stops growing, VPP hangs.
    pub heartbeat: u64,
    /// When VPP started, in Unix seconds. 0 before VPP 23.02.
    pub boottime: u64,
    /// When counters were last cleared, in seconds since VPP started.
    pub last_stats_clear: u64,
    /// When the segment was last updated, in seconds since VPP started.
    pub last_update: u64,
    /// Packets per run of a node, as an average of all threads.
    pub vector_rate: u64,
    /// Packets received per second.
    pub input_rate: u64,
    /// The number of worker threads.
    pub num_worker_threads: u64,
    /// Packets per run of a node, of each thread.
    pub vector_rate_per_worker: Vec<u64>,
    /// Loops per second of each thread.
    pub loops_per_worker: Vec<u64>,
}

/// A view of the system.
#[derive(Debug)]
pub struct System {
    query: Query,
    counters: SystemCounters,
}

impl Default for System {
    fn default() -> Self {
        Self::new()
    }
}

impl System {
    /// Prepares the view.
    #[must_use]
    pub fn new() -> Self {
        let entries = [
            "heartbeat",
            "boottime",
            "last_stats_clear",
            "last_update",
            "vector_rate",
            "input_rate",
            "num_worker_threads",
            "vector_rate_per_worker",
            "loops_per_worker",
        ];
        let entries = entries.map(|it| format!("/sys/{it}"));
        Self {
            query: Query::new(Selection::names(entries)),
            counters: SystemCounters::default(),
        }
    }

    /// Reads the numbers. Those that VPP does not have are 0.
    ///
    /// # Errors
    ///
    /// As [`Stats::read`].
    pub fn read(&mut self, stats: &mut Stats) -> Result<&SystemCounters> {
        stats.read(&mut self.query)?;
        let items = self.query.items();
        let value = |entry: usize| items.get(entry).map_or(&Value::Missing, |it| &it.value);
        let number = |entry| value(entry).as_u64().unwrap_or_default();
        let counters = &mut self.counters;
        counters.heartbeat = number(0);
        counters.boottime = number(1);
        counters.last_stats_clear = number(2);
        counters.last_update = number(3);
        counters.vector_rate = number(4);
        counters.input_rate = number(5);
        counters.num_worker_threads = number(6);
        copy_threads(value(7), &mut counters.vector_rate_per_worker);
        copy_threads(value(8), &mut counters.loops_per_worker);
        Ok(counters)
    }
}

/// The number of each thread. VPP keeps them in one row.
fn copy_threads(value: &Value, threads: &mut Vec<u64>) {
    threads.clear();
    if let Some(counters) = value.as_simple() {
        threads.extend(counters.row(0));
    }
}

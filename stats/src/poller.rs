use std::io;
use std::time::Duration;

use tokio::task;
use tokio::time::{Interval, MissedTickBehavior, interval};

use crate::error::{Error, Result};
use crate::query::Query;
use crate::stats::Stats;

/// Reads a query in an interval, on tokio.
///
/// A reading runs on tokio's threads for blocking work: it can wait for the end of an update of
/// VPP, or for a VPP that restarts.
///
/// ```no_run
/// use std::time::Duration;
/// use vpp_stats::{Poller, Query, Selection, Stats};
///
/// # async fn example() -> vpp_stats::Result<()> {
/// let stats = Stats::connect(vpp_stats::DEFAULT_SOCKET)?;
/// let query = Query::new(Selection::names(["/sys/vector_rate"]));
/// let mut poller = Poller::new(stats, query, Duration::from_secs(1));
/// loop {
///     match poller.next().await {
///         Ok(query) => println!("{:?}", query.items()),
///         Err(error) => eprintln!("{error}"), // VPP restarts, for example
///     }
/// }
/// # }
/// ```
#[derive(Debug)]
pub struct Poller {
    /// `None` while a reading that was cancelled is still running.
    state: Option<(Stats, Query)>,
    running: Option<task::JoinHandle<(Stats, Query, Result<()>)>>,
    interval: Interval,
}

impl Poller {
    /// Prepares to read, first at once, then once per `period`. A reading that takes longer
    /// delays the next one. A period of zero is one millisecond.
    ///
    /// # Panics
    ///
    /// Outside of a tokio runtime with its timer enabled.
    #[must_use]
    pub fn new(stats: Stats, query: Query, period: Duration) -> Self {
        let mut interval = interval(period.max(Duration::from_millis(1)));
        interval.set_missed_tick_behavior(MissedTickBehavior::Delay);
        Self {
            state: Some((stats, query)),
            running: None,
            interval,
        }
    }

    /// Waits for the next time to read, reads, and returns the query with its new values.
    ///
    /// It can be cancelled: a reading that is running is completed, and is the next result.
    ///
    /// # Errors
    ///
    /// As [`Stats::read`]. The next call tries again.
    pub async fn next(&mut self) -> Result<&Query> {
        if self.running.is_none() {
            self.interval.tick().await;
            if let Some((mut stats, mut query)) = self.state.take() {
                self.running = Some(task::spawn_blocking(move || {
                    let result = stats.read(&mut query);
                    (stats, query, result)
                }));
            }
        }
        let stopped = |reason: String| Error::Io {
            operation: "poll",
            source: io::Error::other(reason),
        };
        if let Some(running) = &mut self.running {
            let outcome = running.await;
            self.running = None;
            let (stats, query, result) = outcome.map_err(|error| stopped(error.to_string()))?;
            self.state = Some((stats, query));
            result?;
        }
        match &self.state {
            Some((_, query)) => Ok(query),
            None => Err(stopped("the runtime stopped an earlier reading".into())),
        }
    }

    /// How many segments were read so far, as [`Stats::run`].
    #[must_use]
    pub fn run(&self) -> u64 {
        self.state.as_ref().map_or(0, |(stats, _)| stats.run())
    }
}

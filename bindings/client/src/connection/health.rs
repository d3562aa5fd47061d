use std::time::Duration;

use tokio::time::Instant;

use crate::error::Error;
use crate::shared::{Inner, deadline};

/// Detects a VPP that no longer answers although the socket is open.
///
/// The connection pings VPP when nothing has arrived for an interval. After the maximum number
/// of unanswered pings the connection is lost: calls fail, and a reconnect policy takes over.
/// Any traffic counts as an answer.
///
/// ```no_run
/// # async fn example() -> Result<(), vpp_client::Error> {
/// use std::time::Duration;
/// use vpp_client::{Client, HealthCheck, ReconnectPolicy};
///
/// let (client, connection) = Client::builder()
///     .health_check(HealthCheck::new().interval(Duration::from_secs(1)))
///     .reconnect(ReconnectPolicy::new())
///     .connect()
///     .await?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HealthCheck {
    interval: Duration,
    misses: u32,
}

impl Default for HealthCheck {
    /// An interval of 5 s and at most 3 unanswered pings.
    fn default() -> Self {
        Self {
            interval: Duration::from_secs(5),
            misses: 3,
        }
    }
}

impl HealthCheck {
    /// The default health check.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets how long VPP may be silent before each ping. Defaults to 5 s. The minimum is 1 ms.
    #[must_use]
    pub fn interval(mut self, interval: Duration) -> Self {
        self.interval = interval.max(Duration::from_millis(1));
        self
    }

    /// Sets how many pings in a row may be unanswered. Defaults to 3. The minimum is 1.
    #[must_use]
    pub fn misses(mut self, misses: u32) -> Self {
        self.misses = misses.max(1);
        self
    }
}

/// The health of one connection.
#[derive(Debug)]
pub(crate) struct Health {
    check: HealthCheck,
    pub(crate) next: Instant,
    received: u64,
    missed: u32,
}

impl Health {
    pub(crate) fn new(check: HealthCheck, now: Instant) -> Self {
        Self {
            check,
            next: deadline(now, check.interval),
            received: 0,
            missed: 0,
        }
    }

    /// Queues a ping, or returns an error if the connection is lost. Call this at
    /// [`next`](Self::next).
    fn check(&mut self, inner: &mut Inner, now: Instant) -> Result<(), Error> {
        if now < self.next {
            return Ok(());
        }
        self.next = deadline(now, self.check.interval);
        let received = inner.counters.bytes_received;
        if received != self.received {
            self.received = received;
            self.missed = 0;
            return Ok(());
        }
        if self.missed >= self.check.misses {
            return Err(Error::health(self.missed));
        }
        self.missed += 1;
        inner.ping();
        Ok(())
    }
}

/// Fails the calls whose deadline is over, and checks the health of the connection.
pub(crate) fn check_deadlines(inner: &mut Inner, health: Option<&mut Health>) -> Result<(), Error> {
    let now = Instant::now();
    inner.expire(now);
    health.map_or(Ok(()), |health| health.check(inner, now))
}

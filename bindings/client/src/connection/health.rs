use std::time::Duration;

use tokio::time::Instant;
use vpp_wire::bootstrap::{ControlPing, ControlPingReply};
use vpp_wire::{Header, frame};

use crate::Error;
use crate::shared::ids::Spec;
use crate::shared::{Inner, NOBODY};

/// How a connection finds out that VPP does not answer any more although the socket is open.
///
/// VPP is pinged when nothing has arrived for an interval. When it stays silent after as many
/// pings as are allowed to be missed, the connection is lost: calls fail, and a reconnect
/// policy takes over. Traffic of any kind counts as an answer.
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
    /// A ping after 5 s of silence; the connection is lost after 3 pings without an answer.
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

    /// The time of silence after which VPP is pinged, and the time that it has to answer; 5 s
    /// by default, 1 ms at least.
    #[must_use]
    pub fn interval(mut self, interval: Duration) -> Self {
        self.interval = interval.max(Duration::from_millis(1));
        self
    }

    /// How many pings in a row may stay without an answer; 3 by default, 1 at least.
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
            next: crate::shared::deadline(now, check.interval),
            received: 0,
            missed: 0,
        }
    }

    /// To be called at [`next`](Self::next): queues a ping, or reports the loss.
    fn check(&mut self, inner: &mut Inner, now: Instant) -> Result<(), Error> {
        if now < self.next {
            return Ok(());
        }
        self.next = crate::shared::deadline(now, self.check.interval);
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

impl Inner {
    /// Fails the calls that are overdue, and checks the health of the connection.
    pub(crate) fn observe_time(&mut self, health: Option<&mut Health>) -> Result<(), Error> {
        let now = Instant::now();
        self.expire(now);
        health.map_or(Ok(()), |health| health.check(self, now))
    }

    /// Queues a `control_ping` whose reply nobody waits for.
    fn ping(&mut self) {
        let request = self.ids.resolve(&Spec::of::<ControlPing>(), &self.table);
        let reply = self
            .ids
            .resolve(&Spec::of::<ControlPingReply>(), &self.table);
        // A VPP without it cannot be asked; every release has it.
        let (Ok(id), Ok(_)) = (request, reply) else {
            return;
        };
        let header = Header {
            client_index: self.client_index,
            context: NOBODY,
        };
        let before = self.outgoing.len();
        let max = frame::MAX_PAYLOAD;
        if frame::encode(&ControlPing {}, id, header, max, &mut self.outgoing).is_ok() {
            let bytes = self.outgoing.len() - before;
            self.note_queued(bytes);
        }
    }
}

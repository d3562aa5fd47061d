use std::time::{Duration, Instant};

use vpp_bindings::client::Client;

use crate::engine::{Error, Link, Result};

/// The shortest deadline of a request that undoes a step, if the walk has no deadline.
const UNDO_TIMEOUT: Duration = Duration::from_secs(20);

/// The deadlines of a walk.
#[derive(Debug, Clone, Copy, Default)]
pub struct Limits {
    /// The deadline for doing steps. Afterwards every step fails.
    pub add_by: Option<Instant>,
    /// The deadline for undoing steps. Afterwards the rest is reported.
    pub take_back_by: Option<Instant>,
}

impl Limits {
    /// One deadline for both.
    #[must_use]
    pub fn until(by: Instant) -> Self {
        Self {
            add_by: Some(by),
            take_back_by: Some(by),
        }
    }

    /// A client for doing a step, with the remaining time as deadline.
    pub(super) fn client(&self, link: &Link, operation: &str) -> Result<Client> {
        let Some(by) = self.add_by else {
            return Ok(link.client());
        };
        let left = by.saturating_duration_since(Instant::now());
        if left.is_zero() {
            let operation = operation.to_owned();
            return Err(Error::Deadline { operation });
        }
        Ok(link.client().with_timeout(left.min(link.timeout())))
    }

    /// A client for undoing a step, which has a longer deadline. `None` after the deadline of the
    /// walk.
    pub(super) fn undo_client(&self, link: &Link) -> Option<Client> {
        let timeout = match self.take_back_by {
            None => link.timeout().max(UNDO_TIMEOUT),
            Some(by) => by.saturating_duration_since(Instant::now()),
        };
        (!timeout.is_zero()).then(|| link.client().with_timeout(timeout))
    }
}

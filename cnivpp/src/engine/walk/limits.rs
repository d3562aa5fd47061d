use std::time::{Duration, Instant};

use vpp_bindings::client::Client;

use crate::engine::{Error, Link, Result};

/// The shortest time that VPP gets for an answer while everything is taken back, where the
/// whole walk has no limit.
const PATIENCE: Duration = Duration::from_secs(20);

/// When a walk has to end.
#[derive(Debug, Clone, Copy, Default)]
pub struct Limits {
    /// When the last step has to be done; after it, every step fails.
    pub add_by: Option<Instant>,
    /// When everything has to be taken back; after it, what is left is reported.
    pub take_back_by: Option<Instant>,
}

impl Limits {
    /// The same end for everything.
    #[must_use]
    pub fn until(by: Instant) -> Self {
        Self {
            add_by: Some(by),
            take_back_by: Some(by),
        }
    }

    /// The client for doing a step.
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

    /// The client for undoing a step, which is more patient. `None` once the time is over.
    pub(super) fn patient(&self, link: &Link) -> Option<Client> {
        let timeout = match self.take_back_by {
            None => link.timeout().max(PATIENCE),
            Some(by) => by.saturating_duration_since(Instant::now()),
        };
        (!timeout.is_zero()).then(|| link.client().with_timeout(timeout))
    }
}

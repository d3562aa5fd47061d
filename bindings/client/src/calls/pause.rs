use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use crate::shared::{CallId, Shared};
use crate::{Error, State};

use super::slot::{Expect, Failure};

/// Waits for a deadline, or for the end of the connection.
pub(crate) struct Pause {
    shared: Arc<Shared>,
    call: CallId,
}

impl Pause {
    pub(crate) fn new(
        shared: &Arc<Shared>,
        message: &'static str,
        timeout: Duration,
    ) -> Result<Self, Error> {
        let call =
            shared.with(|inner| inner.add_other_call(message, Expect::nothing(timeout), 0))?;
        Ok(Self {
            shared: Arc::clone(shared),
            call,
        })
    }

    /// Asks for the end of the connection, and waits for it; `None` if it has ended already.
    pub(crate) fn until_closed(shared: &Arc<Shared>, timeout: Duration) -> Option<Self> {
        let call = shared.with(|inner| {
            // Under one lock: the connection must not end in between.
            let expect = Expect::nothing(timeout);
            let is_over = inner.state.get() == State::Closed;
            let call = (!is_over).then(|| inner.add_other_call("disconnect", expect, 0));
            inner.leave();
            call?.ok()
        })?;
        let shared = Arc::clone(shared);
        Some(Self { shared, call })
    }

    /// Pending until the deadline is over or the connection has ended.
    pub(crate) fn poll(&self, cx: &Context<'_>) -> Poll<Failure> {
        self.shared.with(|inner| {
            let retired = &mut inner.retired;
            let Some(slot) = inner.calls.get_mut(self.call) else {
                return Poll::Ready(Failure::Timeout);
            };
            slot.poll_outcome(retired, cx)
                .map(|outcome| outcome.err().unwrap_or(Failure::Timeout))
        })
    }
}

impl Drop for Pause {
    fn drop(&mut self) {
        self.shared.release(self.call);
    }
}

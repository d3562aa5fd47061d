use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use crate::error::{Effect, Error};
use crate::in_flight::{CallId, Expectation, Failure};
use crate::shared::{Shared, State};

/// Waits for a deadline, or until the connection closes. It occupies a slot like a call.
pub(crate) struct Pause {
    shared: Arc<Shared>,
    message: &'static str,
    timeout: Duration,
    call: CallId,
}

impl Pause {
    pub(crate) fn new(
        shared: &Arc<Shared>,
        message: &'static str,
        timeout: Duration,
    ) -> Result<Self, Error> {
        let call =
            shared.with(|inner| inner.add_other_call(message, Expectation::nothing(timeout), 0))?;
        Ok(Self {
            shared: Arc::clone(shared),
            message,
            timeout,
            call,
        })
    }

    /// Requests to close the connection and waits for it. `None` if it is closed already.
    pub(crate) fn until_closed(shared: &Arc<Shared>, timeout: Duration) -> Option<Self> {
        let message = "disconnect";
        let call = shared.with(|inner| {
            // Under one lock, so that the connection does not close in between.
            let expect = Expectation::nothing(timeout);
            let is_closed = inner.state.get() == State::Closed;
            let call = (!is_closed).then(|| inner.add_other_call(message, expect, 0));
            inner.request_close();
            call?.ok()
        })?;
        Some(Self {
            shared: Arc::clone(shared),
            message,
            timeout,
            call,
        })
    }

    /// Ready when the deadline is over or the connection has closed. The error states which.
    pub(crate) fn poll(&self, cx: &Context<'_>) -> Poll<Error> {
        let outcome = self.shared.with(|inner| {
            let Some(slot) = inner.calls.get_mut(self.call) else {
                return Poll::Ready(Ok(()));
            };
            slot.poll_outcome(&mut inner.retired, cx)
        });
        outcome.map(|outcome| match outcome {
            Ok(()) | Err(Failure::Timeout) => {
                Error::timeout(self.message, self.timeout, Effect::NotSent)
            }
            Err(failure) => failure.error(self.message, self.timeout),
        })
    }
}

impl Drop for Pause {
    fn drop(&mut self) {
        self.shared.release(self.call);
    }
}

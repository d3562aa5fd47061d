use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use crate::error::Effect;
use crate::shared::{CallId, Shared};
use crate::{Error, State};

use super::slot::{Expect, Failure};

/// Waits for a deadline, or for the end of the connection.
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
            shared.with(|inner| inner.add_other_call(message, Expect::nothing(timeout), 0))?;
        Ok(Self {
            shared: Arc::clone(shared),
            message,
            timeout,
            call,
        })
    }

    /// Asks for the end of the connection, and waits for it; `None` if it has ended already.
    pub(crate) fn until_closed(shared: &Arc<Shared>, timeout: Duration) -> Option<Self> {
        let message = "disconnect";
        let call = shared.with(|inner| {
            // Under one lock: the connection must not end in between.
            let expect = Expect::nothing(timeout);
            let is_over = inner.state.get() == State::Closed;
            let call = (!is_over).then(|| inner.add_other_call(message, expect, 0));
            inner.leave();
            call?.ok()
        })?;
        Some(Self {
            shared: Arc::clone(shared),
            message,
            timeout,
            call,
        })
    }

    /// Pending until the deadline is over or the connection has ended; which of them it was is
    /// the error. Nothing was sent in either case.
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

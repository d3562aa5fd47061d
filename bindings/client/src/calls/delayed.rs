use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::time::Instant;

use super::pause::Pause;
use crate::error::{Error, ErrorKind};
use crate::shared::{QueuedRequest, Shared, State};
use crate::wakers::WakerKey;

type Submit = Box<dyn Fn(&Arc<Shared>, Duration) -> Result<QueuedRequest, Error> + Send + Sync>;

/// A request that waits until the connection is established.
pub(crate) struct DelayedRequest {
    shared: Arc<Shared>,
    message: &'static str,
    deadline: Instant,
    pause: Pause,
    key: WakerKey,
    submit: Submit,
}

impl DelayedRequest {
    pub(super) fn new(
        shared: &Arc<Shared>,
        message: &'static str,
        timeout: Duration,
        submit: Submit,
    ) -> Result<Self, Error> {
        Ok(Self {
            shared: Arc::clone(shared),
            message,
            deadline: crate::shared::deadline(Instant::now(), timeout),
            pause: Pause::new(shared, message, timeout)?,
            key: WakerKey::default(),
            submit,
        })
    }

    /// Ready when the request is queued, or with the reason why it cannot be.
    pub(super) fn poll(&mut self, cx: &Context<'_>) -> Poll<Result<QueuedRequest, Error>> {
        let key = &mut self.key;
        // Registers before the attempt, so that no change of state is missed.
        let state = self.shared.with(|inner| {
            let replaced = inner.state.watchers.register(key, cx);
            inner.retired.extend(replaced);
            inner.state.get()
        });
        let expired = self.pause.poll(cx);
        match state {
            State::Connected => {
                let left = self.deadline.saturating_duration_since(Instant::now());
                match (self.submit)(&self.shared, left) {
                    Err(error) if error.kind() == ErrorKind::Disconnected => {}
                    result => return Poll::Ready(result),
                }
            }
            State::Closed => {
                let not_connected =
                    |inner: &crate::shared::Inner| inner.not_connected(self.message);
                return Poll::Ready(Err(self.shared.read(not_connected)));
            }
            State::Disconnected | State::Reconnecting => {}
        }
        expired.map(Err)
    }
}

impl Drop for DelayedRequest {
    fn drop(&mut self) {
        let key = &mut self.key;
        self.shared.with(|inner| {
            let removed = inner.state.watchers.remove(key);
            inner.retired.extend(removed);
        });
    }
}

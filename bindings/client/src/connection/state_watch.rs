use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use futures_core::Stream;

use crate::shared::{Shared, State};
use crate::wakers::WakerKey;

/// The current state of the connection and its changes, as a [`Stream`].
///
/// A slow reader receives only the latest state. The stream ends after [`State::Closed`].
pub struct StateWatch {
    shared: Arc<Shared>,
    seen: u64,
    key: WakerKey,
}

impl StateWatch {
    pub(crate) fn new(shared: Arc<Shared>) -> Self {
        Self {
            shared,
            seen: 0,
            key: WakerKey::default(),
        }
    }

    /// The current state.
    #[must_use]
    pub fn current(&self) -> State {
        self.shared.read(|inner| inner.state.get())
    }

    /// The current state if it was not returned before, or else the next one. `None` after
    /// `Closed` was returned.
    ///
    /// # Cancel safety
    /// Dropping the future loses no state.
    pub async fn next(&mut self) -> Option<State> {
        std::future::poll_fn(|cx| self.poll_state(cx)).await
    }

    /// Waits until the state is `wanted`. Returns false if the connection is closed first.
    ///
    /// # Cancel safety
    /// Dropping the future has no effect.
    ///
    /// ```no_run
    /// # async fn example(client: vpp_client::Client) {
    /// use vpp_client::connection::State;
    ///
    /// if !client.state().wait_for(State::Connected).await {
    ///     println!("the connection is closed");
    /// }
    /// # }
    /// ```
    pub async fn wait_for(&mut self, wanted: State) -> bool {
        while let Some(state) = self.next().await {
            if state == wanted {
                return true;
            }
        }
        false
    }

    fn poll_state(&mut self, cx: &mut Context<'_>) -> Poll<Option<State>> {
        let Self { shared, seen, key } = self;
        shared.with(|inner| {
            let state = &mut inner.state;
            if *seen != state.version {
                *seen = state.version;
                return Poll::Ready(Some(state.get()));
            }
            if state.get() == State::Closed {
                return Poll::Ready(None);
            }
            let replaced = state.watchers.register(key, cx);
            inner.retired.extend(replaced);
            Poll::Pending
        })
    }
}

impl Drop for StateWatch {
    fn drop(&mut self) {
        let Self { shared, key, .. } = self;
        if !key.is_registered() {
            return;
        }
        shared.with(|inner| {
            let removed = inner.state.watchers.remove(key);
            inner.retired.extend(removed);
        });
    }
}

impl Stream for StateWatch {
    type Item = State;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<State>> {
        self.poll_state(cx)
    }
}

impl fmt::Debug for StateWatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("StateWatch").field(&self.current()).finish()
    }
}

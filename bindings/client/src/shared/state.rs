use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use futures_core::Stream;

use super::Shared;
use super::wakers::{WakerKey, WakerSet};

/// The state of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum State {
    /// Calls are answered.
    Connected,
    /// The connection is lost; the next attempt to connect is due after a delay.
    Disconnected,
    /// An attempt to connect is under way.
    Reconnecting,
    /// The connection has ended for good.
    Closed,
}

/// The state now, and every later one, as a [`Stream`].
///
/// A slow reader sees the latest state and not those in between. The stream ends after
/// [`State::Closed`]. A watch that is dropped leaves nothing behind.
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

    /// The state at this moment.
    #[must_use]
    pub fn current(&self) -> State {
        self.shared.read(|inner| inner.state.get())
    }

    /// The state now if it was not returned before, else the next one; `None` after `Closed`
    /// was returned.
    ///
    /// # Cancel safety
    /// Dropping the future loses no state: the next call returns it.
    pub async fn next(&mut self) -> Option<State> {
        std::future::poll_fn(|cx| self.poll_state(cx)).await
    }

    /// Waits until the state is `wanted`; false if the connection is closed before.
    ///
    /// # Cancel safety
    /// The future can be dropped and the method called again.
    ///
    /// ```no_run
    /// # async fn example(client: vpp_client::Client) {
    /// use vpp_client::State;
    ///
    /// if !client.state().wait_for(State::Connected).await {
    ///     println!("the connection has ended");
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
                return Poll::Ready(Some(state.state));
            }
            if state.state == State::Closed {
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

/// The state and the tasks that wait for it to change.
pub(crate) struct StateCell {
    state: State,
    version: u64,
    pub(crate) watchers: WakerSet,
}

impl StateCell {
    pub(crate) fn new() -> Self {
        Self {
            state: State::Reconnecting,
            version: 1,
            watchers: WakerSet::default(),
        }
    }

    #[inline]
    pub(crate) fn get(&self) -> State {
        self.state
    }

    pub(crate) fn set(&mut self, state: State, woken: &mut Vec<Waker>) {
        if self.state != state {
            self.state = state;
            self.version += 1;
            self.watchers.take_all(woken);
        }
    }
}

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use futures_core::Stream;

use crate::shared::Shared;

/// Where a connection stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum State {
    /// Calls are answered.
    Connected,
    /// The socket is gone; the next attempt to connect waits its turn.
    Disconnected,
    /// An attempt to connect is under way.
    Reconnecting,
    /// The connection has ended and does not come back.
    Closed,
}

/// The state now, and every later one, as a [`Stream`].
///
/// A reader that is slow sees the latest state and not those in between. The stream
/// ends after [`State::Closed`].
pub struct StateWatch {
    shared: Arc<Shared>,
    seen: u64,
}

impl StateWatch {
    pub(crate) fn new(shared: Arc<Shared>) -> Self {
        Self { shared, seen: 0 }
    }

    /// The state at this moment.
    #[must_use]
    pub fn current(&self) -> State {
        self.shared.lock().state.get()
    }

    /// The state now if it was not yet seen, else the next one; `None` after `Closed` was seen.
    pub async fn next(&mut self) -> Option<State> {
        std::future::poll_fn(|cx| self.poll_state(cx)).await
    }

    /// Waits until the state is `wanted`; false if the connection was closed before.
    pub async fn wait_for(&mut self, wanted: State) -> bool {
        while let Some(state) = self.next().await {
            if state == wanted {
                return true;
            }
        }
        false
    }

    fn poll_state(&mut self, cx: &mut Context<'_>) -> Poll<Option<State>> {
        self.shared.lock().state.poll(&mut self.seen, cx)
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

/// The state and those who wait for it to change.
pub(crate) struct StateCell {
    state: State,
    version: u64,
    wakers: Vec<Waker>,
}

impl StateCell {
    pub(crate) fn new() -> Self {
        Self {
            state: State::Reconnecting,
            version: 1,
            wakers: Vec::new(),
        }
    }

    pub(crate) fn get(&self) -> State {
        self.state
    }

    /// Sets the state; `wake` gets who is to be woken once the lock is free.
    pub(crate) fn set(&mut self, state: State, wake: &mut Vec<Waker>) {
        if self.state != state {
            self.state = state;
            self.version += 1;
            wake.append(&mut self.wakers);
        }
    }

    fn poll(&mut self, seen: &mut u64, cx: &mut Context<'_>) -> Poll<Option<State>> {
        if *seen != self.version {
            *seen = self.version;
            return Poll::Ready(Some(self.state));
        }
        if self.state == State::Closed {
            return Poll::Ready(None);
        }
        if !self.wakers.iter().any(|waker| waker.will_wake(cx.waker())) {
            self.wakers.push(cx.waker().clone());
        }
        Poll::Pending
    }
}

use std::task::Waker;

use crate::wakers::WakerSet;

/// The state of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum State {
    /// VPP is connected, and calls can be made.
    Connected,
    /// The connection is lost. The next attempt to connect follows after a delay.
    Disconnected,
    /// An attempt to connect is in progress.
    Reconnecting,
    /// The connection is closed and is not established again.
    Closed,
}

/// The state, and the tasks that wait for a change.
pub(crate) struct StateCell {
    state: State,
    /// Counts the changes.
    pub(crate) version: u64,
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

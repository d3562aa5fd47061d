use std::mem;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use super::wheel::{Bucket, deadline};
use crate::Error;
use crate::error::Effect;
use crate::shared::CallId;
use crate::shared::wakers::pend;

/// What a call waits for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Expect {
    /// The message that can arrive any number of times.
    pub(crate) item: Option<u16>,
    /// The message that can arrive among them and means nothing.
    pub(crate) stray: Option<u16>,
    /// The message that ends the call; `None` for a call that only waits for its deadline or
    /// for the end of the connection.
    pub(crate) end: Option<u16>,
    /// How long VPP may stay silent.
    pub(crate) timeout: Duration,
    /// How many bytes may wait to be read.
    pub(crate) limit: usize,
    /// The registration for events that waits instead of a future.
    pub(crate) registration: Option<usize>,
}

impl Expect {
    /// Waits for nothing but the deadline or the end of the connection.
    pub(crate) fn nothing(timeout: Duration) -> Self {
        Self {
            item: None,
            stray: None,
            end: None,
            timeout,
            limit: 0,
            registration: None,
        }
    }
}

/// A call in flight.
pub(crate) struct Slot {
    pub(super) context: CallId,
    pub(crate) state: SlotState,
    pub(crate) expect: Expect,
    pub(crate) waker: Option<Waker>,
    /// Whole frames as they arrived, not yet read.
    pub(crate) buffer: Vec<u8>,
    /// Where the request ends in the bytes of this connection; 0 if none is queued.
    pub(crate) sent: u64,
    /// The tick of the deadline, and the list that the call is in.
    pub(super) tick: u64,
    pub(super) bucket: Option<Bucket>,
    pub(super) previous: CallId,
    pub(super) next: CallId,
}

#[derive(Debug)]
pub(crate) enum SlotState {
    Waiting,
    /// The end is in the buffer.
    Ended,
    /// Boxed so that calls that succeed do not pay for it.
    Failed(Box<Failure>),
}

/// Why a call failed.
#[derive(Debug)]
pub(crate) enum Failure {
    Timeout,
    Lost {
        effect: Effect,
        cause: Option<Error>,
    },
    Overflow {
        what: &'static str,
        limit: usize,
    },
    Unexpected {
        expected: String,
        found: String,
    },
}

impl Failure {
    #[cold]
    pub(crate) fn error(self, message: &'static str, timeout: Duration) -> Error {
        match self {
            Self::Timeout => Error::timeout(message, timeout, Effect::Unknown),
            Self::Lost { effect, cause } => Error::disconnected(message, effect, cause.as_ref()),
            Self::Overflow { what, limit } => Error::limit(message, what, limit, Effect::Unknown),
            Self::Unexpected { expected, found } => Error::unexpected(message, expected, found),
        }
    }
}

impl Slot {
    #[inline]
    pub(crate) fn is_waiting(&self) -> bool {
        matches!(self.state, SlotState::Waiting)
    }

    /// VPP may stay silent for the call's timeout from `tick` on. The call stays in its list
    /// and is moved when that list is due.
    #[inline]
    pub(crate) fn extend(&mut self, tick: u64) {
        self.tick = self.tick.max(deadline(tick, self.expect.timeout));
    }

    /// What became of the call; pending while it waits. A failure is returned once.
    #[inline]
    pub(crate) fn poll_outcome(
        &mut self,
        retired: &mut Vec<Waker>,
        cx: &Context<'_>,
    ) -> Poll<Result<(), Failure>> {
        match self.state {
            SlotState::Waiting => pend(&mut self.waker, retired, cx),
            SlotState::Ended => Poll::Ready(Ok(())),
            SlotState::Failed(_) => Poll::Ready(self.take_outcome()),
        }
    }

    /// What became of a call that does not wait any more.
    pub(crate) fn take_outcome(&mut self) -> Result<(), Failure> {
        match mem::replace(&mut self.state, SlotState::Ended) {
            SlotState::Failed(failure) => Err(*failure),
            SlotState::Ended | SlotState::Waiting => Ok(()),
        }
    }
}

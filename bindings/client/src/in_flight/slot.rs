use std::mem;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use super::wheel::{Bucket, END, deadline};
use crate::error::{Effect, Error};
use crate::wakers::pend;

/// A context: the number that VPP copies from a request into its answer.
pub(crate) type CallId = u32;

/// The context of a request whose answer is discarded.
pub(crate) const NO_CALL: CallId = 0;
/// The largest buffer that an unused slot keeps.
pub(super) const KEEP: usize = 1024;

/// The messages and limits of a waiting call.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Expectation {
    /// The id of the message that can arrive any number of times.
    pub(crate) item: Option<u16>,
    /// The id of a message that can arrive among them and is ignored.
    pub(crate) stray: Option<u16>,
    /// The id of the message that ends the call. `None` for a call that only waits for its
    /// deadline, or until the connection closes.
    pub(crate) end: Option<u16>,
    /// How long VPP may stay silent.
    pub(crate) timeout: Duration,
    /// How many unread bytes of items are buffered.
    pub(crate) limit: usize,
    /// The registration for events that waits for the reply. `None` for a future.
    pub(crate) registration: Option<usize>,
}

impl Expectation {
    /// Waits only for the deadline, or until the connection closes.
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
    pub(crate) context: CallId,
    pub(crate) state: SlotState,
    pub(crate) expect: Expectation,
    pub(crate) waker: Option<Waker>,
    /// Unread frames.
    pub(crate) buffer: Vec<u8>,
    /// Where the request ends in the bytes of this connection, or 0 without a request.
    pub(crate) sent: u64,
    /// The tick of the deadline.
    pub(crate) tick: u64,
    /// The list of deadlines that contains the call.
    pub(crate) bucket: Option<Bucket>,
    pub(crate) previous: CallId,
    pub(crate) next: CallId,
}

/// The progress of a call.
#[derive(Debug)]
pub(crate) enum SlotState {
    Waiting,
    /// The last message is in the buffer.
    Ended,
    /// Boxed to keep the slot small.
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
    pub(super) fn new() -> Self {
        Self {
            context: 0,
            state: SlotState::Ended,
            expect: Expectation::nothing(Duration::ZERO),
            waker: None,
            buffer: Vec::new(),
            sent: 0,
            tick: 0,
            bucket: None,
            previous: END,
            next: END,
        }
    }

    /// Resets the slot for the pool.
    pub(super) fn recycle(&mut self) {
        self.state = SlotState::Ended;
        self.buffer.clear();
        if self.buffer.capacity() > KEEP {
            self.buffer = Vec::new();
        }
    }

    #[inline]
    pub(crate) fn is_waiting(&self) -> bool {
        matches!(self.state, SlotState::Waiting)
    }

    /// Restarts the call's timeout at `tick`. The call stays in its list and is moved when that
    /// list is due.
    #[inline]
    pub(crate) fn extend(&mut self, tick: u64) {
        self.tick = self.tick.max(deadline(tick, self.expect.timeout));
    }

    /// The result of the call, pending while it waits. A failure is returned once.
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

    /// Takes the result of a call that is not waiting.
    pub(crate) fn take_outcome(&mut self) -> Result<(), Failure> {
        match mem::replace(&mut self.state, SlotState::Ended) {
            SlotState::Failed(failure) => Err(*failure),
            SlotState::Ended | SlotState::Waiting => Ok(()),
        }
    }
}

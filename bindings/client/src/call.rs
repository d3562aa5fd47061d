use std::fmt;
use std::marker::PhantomData;
use std::mem;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use vpp_wire::{Reply, decode_payload, frame};

use crate::Error;
use crate::shared::Shared;
use crate::slots::{CallId, Failure, Slot, SlotState};
use crate::version::Explained;

/// The largest reply that is read under the lock, where it needs no buffer of its own.
const SMALL: usize = 4096;

/// A request that is queued, and the reply to come.
///
/// The request is queued when the call is made, not when it is first awaited, so that
/// calls made one after another reach VPP in that order. A call that is dropped is not
/// taken back: VPP carries it out, and its reply is thrown away.
#[must_use = "a call reports whether VPP did what it was asked"]
pub struct Call<R> {
    shared: Arc<Shared>,
    message: &'static str,
    timeout: Duration,
    state: CallState,
    reply: PhantomData<fn() -> R>,
}

enum CallState {
    Waiting(CallId),
    Failed(Explained),
    Done,
}

impl<R: Reply> Call<R> {
    pub(crate) fn new(
        shared: Arc<Shared>,
        message: &'static str,
        timeout: Duration,
        call: Result<CallId, Error>,
    ) -> Self {
        let state = match call {
            Ok(call) => CallState::Waiting(call),
            Err(error) => CallState::Failed(Explained::new(&shared, error)),
        };
        Self {
            shared,
            message,
            timeout,
            state,
            reply: PhantomData,
        }
    }

    #[inline]
    fn poll_reply(&mut self, call: CallId, cx: &Context<'_>) -> Poll<Result<R, Error>> {
        let mut inner = self.shared.lock();
        let result = match inner.slots.get_mut(call) {
            None => Err(Error::closed("the call is unknown")),
            Some(slot) => match slot.outcome() {
                None => {
                    slot.wait(cx);
                    return Poll::Pending;
                }
                Some(Err(failure)) => Err(failure.error(self.message, self.timeout, 0)),
                Some(Ok(())) if slot.buffer.len() <= SMALL => read(self.message, &slot.buffer),
                Some(Ok(())) => {
                    let buffer = mem::take(&mut slot.buffer);
                    drop(inner);
                    let result = read(self.message, &buffer);
                    inner = self.shared.lock();
                    result
                }
            },
        };
        self.state = CallState::Done;
        inner.release(call);
        let sleeper = inner.sleeper_if_needed();
        drop(inner);
        if let Some(sleeper) = sleeper {
            sleeper.wake();
        }
        Poll::Ready(result)
    }
}

/// Reads the reply from its frame.
#[inline]
pub(crate) fn read<R: Reply>(message: &'static str, buffer: &[u8]) -> Result<R, Error> {
    let (_, reply) = decode_payload::<R>(buffer.get(frame::HEADER..).unwrap_or_default())?;
    if reply.retval() == 0 {
        Ok(reply)
    } else {
        Err(Error::api(message, reply))
    }
}

impl Slot {
    /// What has become of a call; `None` while it waits.
    ///
    /// A failure is told once. What VPP may still send for it is remembered.
    #[inline]
    pub(crate) fn outcome(&mut self) -> Option<Result<(), Failure>> {
        match self.state {
            SlotState::Waiting => return None,
            SlotState::Failed(_) => {}
            _ => return Some(Ok(())),
        }
        match mem::replace(&mut self.state, SlotState::Draining) {
            SlotState::Failed(failure) => {
                if matches!(failure, Failure::Lost(_)) {
                    self.state = SlotState::Ended;
                }
                Some(Err(failure))
            }
            _ => Some(Ok(())),
        }
    }

    /// Has the task woken at the next change.
    #[inline]
    pub(crate) fn wait(&mut self, cx: &Context<'_>) {
        if !self
            .waker
            .as_ref()
            .is_some_and(|waker| waker.will_wake(cx.waker()))
        {
            self.waker = Some(cx.waker().clone());
        }
    }
}

impl Failure {
    #[cold]
    pub(crate) fn error(self, message: &'static str, timeout: Duration, limit: usize) -> Error {
        match self {
            Self::Timeout => Error::timeout(message, timeout),
            Self::Lost(cause) => Error::disconnected(message, cause.as_ref()),
            Self::Overflow => Error::overflow(message, "the bytes not yet read", limit),
            Self::Unexpected { expected, found } => Error::unexpected(message, expected, found),
        }
    }
}

impl<R: Reply> Future for Call<R> {
    type Output = Result<R, Error>;

    #[inline]
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let error = match &mut self.state {
            CallState::Waiting(call) => {
                let call = *call;
                return self.poll_reply(call, cx);
            }
            CallState::Failed(error) => match error.poll(cx) {
                Poll::Pending => return Poll::Pending,
                Poll::Ready(error) => error,
            },
            CallState::Done => None,
        };
        self.state = CallState::Done;
        let done = || Error::closed("the call has already given its reply");
        Poll::Ready(Err(error.unwrap_or_else(done)))
    }
}

impl<R> Drop for Call<R> {
    #[inline]
    fn drop(&mut self) {
        if let CallState::Waiting(call) = self.state {
            self.shared.release(call);
        }
    }
}

impl<R> fmt::Debug for Call<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Call").field(&self.message).finish()
    }
}

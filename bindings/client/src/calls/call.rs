use std::fmt;
use std::marker::PhantomData;
use std::mem;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use vpp_wire::{Reply, Request, decode_payload, frame};

use super::opening::{Opening, Sender};
use super::span::CallSpan;
use crate::Error;
use crate::shared::ids::Pattern;
use crate::shared::submit::Submitted;
use crate::shared::{CallId, Shared};

/// The largest reply that is decoded under the lock, where it needs no buffer of its own.
const SMALL: usize = 4096;

/// A request in flight, and its reply to come.
///
/// The request is queued when the call is made, not when it is first awaited, so that calls
/// made one after another reach VPP in that order.
///
/// # Cancel safety
/// A call can be polled from any task, one after another. A call that is dropped is not taken
/// back: VPP carries it out, and its reply is discarded.
#[must_use = "a call reports whether VPP did what it was asked"]
pub struct Call<R> {
    shared: Arc<Shared>,
    message: &'static str,
    timeout: Duration,
    state: CallState,
    span: CallSpan,
    reply: PhantomData<fn() -> R>,
}

enum CallState {
    Waiting(CallId),
    Opening(Box<Opening>),
    Done,
}

impl<R: Reply> Call<R> {
    #[inline]
    pub(crate) fn send<M: Request<Reply = R>>(sender: &Sender, request: &M) -> Self {
        let pattern = const { &Pattern::call::<M>() };
        match sender.submit(request, pattern) {
            Ok(submitted) => Self::follow(&sender.shared, M::NAME, sender.timeout, &submitted),
            Err(error) => Self::not_sent(sender, request, pattern, error),
        }
    }

    #[cold]
    fn not_sent<M: Request<Reply = R>>(
        sender: &Sender,
        request: &M,
        pattern: &'static Pattern,
        error: Error,
    ) -> Self {
        Self {
            shared: Arc::clone(&sender.shared),
            message: M::NAME,
            timeout: sender.timeout,
            state: CallState::Opening(Box::new(sender.not_sent(request, pattern, error))),
            span: CallSpan::none(),
            reply: PhantomData,
        }
    }

    /// A call whose request is queued.
    #[inline]
    pub(super) fn follow(
        shared: &Arc<Shared>,
        message: &'static str,
        timeout: Duration,
        submitted: &Submitted,
    ) -> Self {
        Self {
            shared: Arc::clone(shared),
            message,
            timeout,
            state: CallState::Waiting(submitted.call),
            span: CallSpan::new(message, submitted),
            reply: PhantomData,
        }
    }

    #[inline]
    fn poll_reply(&mut self, call: CallId, cx: &Context<'_>) -> Poll<Result<R, Error>> {
        if !self.shared.process.is_current() {
            return Poll::Ready(Err(Error::forked(self.message)));
        }
        let (mut bytes, mut large) = (0, None);
        let polled = self.shared.with(|inner| {
            let Some(slot) = inner.calls.get_mut(call) else {
                return Poll::Ready(Err(Error::finished(self.message)));
            };
            let result = match slot.poll_outcome(&mut inner.retired, cx) {
                Poll::Pending => return Poll::Pending,
                Poll::Ready(Err(failure)) => Err(failure.error(self.message, self.timeout)),
                Poll::Ready(Ok(())) => {
                    bytes = slot.buffer.len();
                    if bytes > SMALL {
                        large = Some(mem::take(&mut slot.buffer));
                        inner.free(bytes);
                        Err(Error::finished(self.message))
                    } else {
                        read_reply(self.message, &slot.buffer)
                    }
                }
            };
            inner.release(call);
            Poll::Ready(result)
        });
        let Poll::Ready(mut result) = polled else {
            return Poll::Pending;
        };
        self.state = CallState::Done;
        if let Some(frame) = large {
            result = read_reply(self.message, &frame);
        }
        self.trace(call, bytes, &result);
        Poll::Ready(result)
    }

    #[inline]
    fn trace(&mut self, call: CallId, bytes: usize, result: &Result<R, Error>) {
        if tracing::enabled!(tracing::Level::TRACE)
            && let Ok(reply) = result
        {
            tracing::trace!(context = call, ?reply, "{}", R::NAME);
        }
        self.span.end(bytes, result.as_ref().err());
    }
}

/// Decodes the reply in a frame.
///
/// A refusal is the error even where VPP left the rest of the reply unset.
#[inline]
pub(crate) fn read_reply<R: Reply>(message: &'static str, frame: &[u8]) -> Result<R, Error> {
    let payload = frame.get(frame::HEADER..).unwrap_or_default();
    match decode_payload::<R>(payload) {
        Ok((_, reply)) if reply.retval() == 0 => Ok(reply),
        Ok((_, reply)) => Err(Error::api(message, reply)),
        Err(error) => Err(unreadable::<R>(message, payload, error)),
    }
}

#[cold]
pub(super) fn unreadable<R: Reply>(
    message: &'static str,
    payload: &[u8],
    error: vpp_wire::DecodeError,
) -> Error {
    match R::retval_of(payload) {
        Some(retval) if retval != 0 => Error::api_without_reply(message, retval),
        _ => error.into(),
    }
}

impl<R: Reply> Future for Call<R> {
    type Output = Result<R, Error>;

    #[inline]
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = &mut *self;
        loop {
            match &mut this.state {
                CallState::Waiting(call) => {
                    let call = *call;
                    return this.poll_reply(call, cx);
                }
                CallState::Opening(opening) => match opening.poll(&this.shared, cx) {
                    Poll::Pending => return Poll::Pending,
                    Poll::Ready(Ok(submitted)) => {
                        this.span = CallSpan::new(this.message, &submitted);
                        this.state = CallState::Waiting(submitted.call);
                    }
                    Poll::Ready(Err(error)) => {
                        this.state = CallState::Done;
                        let error = error.unwrap_or_else(|| Error::finished(this.message));
                        return Poll::Ready(Err(error));
                    }
                },
                CallState::Done => return Poll::Ready(Err(Error::finished(this.message))),
            }
        }
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

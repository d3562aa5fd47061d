use std::fmt;
use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use vpp_wire::{Reply, Request};

use super::pending::PendingReply;
use super::sender::{Sender, UnsentRequest};
use super::span::CallSpan;
use crate::error::Error;
use crate::in_flight::CallId;
use crate::shared::{QueuedRequest, Shared};
use crate::table::ids::ReplyPattern;

/// A request in flight, as a future for its reply.
///
/// The request is queued when the call is made, not when it is first polled. Calls therefore
/// reach VPP in the order in which they are made.
///
/// # Cancel safety
/// A call can move between tasks. Dropping it does not cancel the request: VPP carries it out,
/// and the reply is discarded.
#[must_use = "the reply reports whether VPP carried out the request"]
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
    Unsent(Box<UnsentRequest>),
    Done,
}

impl<R: Reply> Call<R> {
    #[inline]
    pub(crate) fn send<M: Request<Reply = R>>(sender: &Sender, request: &M) -> Self {
        let pattern = const { &ReplyPattern::call::<M>() };
        match sender.submit(request, pattern) {
            Ok(queued) => Self::follow(&sender.shared, M::NAME, sender.timeout, &queued),
            Err(error) => Self::not_sent(sender, request, pattern, error),
        }
    }

    #[cold]
    fn not_sent<M: Request<Reply = R>>(
        sender: &Sender,
        request: &M,
        pattern: &'static ReplyPattern,
        error: Error,
    ) -> Self {
        Self {
            shared: Arc::clone(&sender.shared),
            message: M::NAME,
            timeout: sender.timeout,
            state: CallState::Unsent(Box::new(sender.not_sent(request, pattern, error))),
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
        queued: &QueuedRequest,
    ) -> Self {
        Self {
            shared: Arc::clone(shared),
            message,
            timeout,
            state: CallState::Waiting(queued.call),
            span: CallSpan::new(message, queued),
            reply: PhantomData,
        }
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
                    let pending = PendingReply {
                        shared: &this.shared,
                        message: this.message,
                        timeout: this.timeout,
                        call: *call,
                    };
                    let reply = pending.poll(&mut this.span, cx);
                    // In a forked child the call stays as it is: its parent owns it.
                    if reply.is_ready() && this.shared.process.is_current() {
                        this.state = CallState::Done;
                    }
                    return reply;
                }
                CallState::Unsent(unsent) => match unsent.poll(&this.shared, cx) {
                    Poll::Pending => return Poll::Pending,
                    Poll::Ready(Ok(queued)) => {
                        this.span = CallSpan::new(this.message, &queued);
                        this.state = CallState::Waiting(queued.call);
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

use std::mem;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use vpp_wire::Reply;

use super::span::CallSpan;
use crate::error::Error;
use crate::in_flight::CallId;
use crate::reply::read_reply;
use crate::shared::Shared;

/// The largest reply that is decoded under the lock, where it needs no buffer of its own.
const SMALL: usize = 4096;

/// The reply to a call in flight.
pub(super) struct PendingReply<'a> {
    pub(super) shared: &'a Arc<Shared>,
    pub(super) message: &'static str,
    pub(super) timeout: Duration,
    pub(super) call: CallId,
}

impl PendingReply<'_> {
    /// Polls for the reply. Releases the call once it is ready.
    #[inline]
    pub(super) fn poll<R: Reply>(
        &self,
        span: &mut CallSpan,
        cx: &Context<'_>,
    ) -> Poll<Result<R, Error>> {
        let (message, call) = (self.message, self.call);
        if !self.shared.process.is_current() {
            return Poll::Ready(Err(Error::forked(message)));
        }
        let (mut bytes, mut large) = (0, None);
        let polled = self.shared.with(|inner| {
            let Some(slot) = inner.calls.get_mut(call) else {
                return Poll::Ready(Err(Error::finished(message)));
            };
            let result = match slot.poll_outcome(&mut inner.retired, cx) {
                Poll::Pending => return Poll::Pending,
                Poll::Ready(Err(failure)) => Err(failure.error(message, self.timeout)),
                Poll::Ready(Ok(())) => {
                    bytes = slot.buffer.len();
                    if bytes > SMALL {
                        large = Some(mem::take(&mut slot.buffer));
                        inner.free(bytes);
                        Err(Error::finished(message))
                    } else {
                        read_reply(message, &slot.buffer)
                    }
                }
            };
            inner.release(call);
            Poll::Ready(result)
        });
        let Poll::Ready(mut result) = polled else {
            return Poll::Pending;
        };
        if let Some(frame) = large {
            result = read_reply(message, &frame);
        }
        if tracing::enabled!(tracing::Level::TRACE)
            && let Ok(reply) = &result
        {
            tracing::trace!(context = call, ?reply, "{}", R::NAME);
        }
        span.end(bytes, result.as_ref().err());
        Poll::Ready(result)
    }
}

use tokio::time::Instant;
use tracing::{Level, Span, field};

use crate::error::Error;
use crate::shared::QueuedRequest;

/// The `tracing` span of one request, or nothing without a subscriber.
///
/// The span `request` (level DEBUG) has the fields `message`, `context`, `bytes`,
/// `reply_bytes`, `retval` and `duration_us`. Its events report that the request was queued and
/// its result.
pub(super) struct CallSpan(Option<Box<ActiveSpan>>);

struct ActiveSpan {
    span: Span,
    start: Instant,
}

impl CallSpan {
    #[inline]
    pub(super) fn new(message: &'static str, queued: &QueuedRequest) -> Self {
        if tracing::enabled!(Level::DEBUG) {
            return Self(Some(Self::active(message, queued)));
        }
        Self::none()
    }

    pub(super) fn none() -> Self {
        Self(None)
    }

    #[cold]
    fn active(message: &'static str, queued: &QueuedRequest) -> Box<ActiveSpan> {
        let span = tracing::debug_span!(
            "request",
            message,
            context = queued.call,
            bytes = queued.bytes,
            reply_bytes = field::Empty,
            retval = field::Empty,
            duration_us = field::Empty,
        );
        tracing::debug!(parent: &span, "queued");
        let start = Instant::now();
        Box::new(ActiveSpan { span, start })
    }

    /// Records the result of the request and closes the span.
    #[inline]
    pub(super) fn end(&mut self, reply_bytes: usize, error: Option<&Error>) {
        if let Some(active) = self.0.take() {
            active.end(reply_bytes, error);
        }
    }
}

impl ActiveSpan {
    #[cold]
    fn end(self, reply_bytes: usize, error: Option<&Error>) {
        let micros = u64::try_from(self.start.elapsed().as_micros()).unwrap_or(u64::MAX);
        self.span.record("duration_us", micros);
        self.span.record("reply_bytes", reply_bytes);
        match error {
            None => {
                self.span.record("retval", 0);
                tracing::debug!(parent: &self.span, "answered");
            }
            Some(error) => {
                if let Some(retval) = error.vpp_error() {
                    self.span.record("retval", retval.0);
                }
                tracing::debug!(parent: &self.span, %error, "failed");
            }
        }
    }
}

use tokio::time::Instant;
use tracing::{Level, Span, field};

use crate::Error;
use crate::shared::submit::Submitted;

/// The `tracing` span of one request; nothing where nobody listens.
///
/// The span `request` (level DEBUG) has the fields `message`, `context`, `bytes`,
/// `reply_bytes`, `retval` and `duration_us`; events in it say that the request was queued and
/// how it ended.
pub(super) struct CallSpan(Option<Box<Listened>>);

struct Listened {
    span: Span,
    start: Instant,
}

impl CallSpan {
    #[inline]
    pub(super) fn new(message: &'static str, submitted: &Submitted) -> Self {
        if tracing::enabled!(Level::DEBUG) {
            return Self(Some(Self::listened(message, submitted)));
        }
        Self::none()
    }

    pub(super) fn none() -> Self {
        Self(None)
    }

    #[cold]
    fn listened(message: &'static str, submitted: &Submitted) -> Box<Listened> {
        let span = tracing::debug_span!(
            "request",
            message,
            context = submitted.call,
            bytes = submitted.bytes,
            reply_bytes = field::Empty,
            retval = field::Empty,
            duration_us = field::Empty,
        );
        tracing::debug!(parent: &span, "queued");
        let start = Instant::now();
        Box::new(Listened { span, start })
    }

    /// The request has ended.
    #[inline]
    pub(super) fn end(&mut self, reply_bytes: usize, error: Option<&Error>) {
        if let Some(listened) = self.0.take() {
            listened.end(reply_bytes, error);
        }
    }
}

impl Listened {
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

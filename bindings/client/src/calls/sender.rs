use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use vpp_wire::Message;

use super::delayed::DelayedRequest;
use super::version::VersionLookup;
use crate::error::{Error, ErrorKind};
use crate::shared::{QueuedRequest, Shared};
use crate::table::ids::ReplyPattern;

/// Sends the requests of a client.
#[derive(Clone)]
pub(crate) struct Sender {
    pub(crate) shared: Arc<Shared>,
    pub(crate) timeout: Duration,
    /// Whether requests wait while the connection is being re-established.
    pub(crate) waits: bool,
}

/// A request that is not queued: it waits for the connection, or it has failed.
pub(crate) enum UnsentRequest {
    Delayed(Box<DelayedRequest>),
    Failed(VersionLookup),
}

impl Sender {
    /// Queues a request, or delays it until the connection is established.
    #[inline]
    pub(crate) fn send<M: Message>(
        &self,
        request: &M,
        pattern: &'static ReplyPattern,
    ) -> Result<QueuedRequest, UnsentRequest> {
        self.submit(request, pattern)
            .map_err(|error| self.not_sent(request, pattern, error))
    }

    /// Queues a request.
    #[inline]
    pub(super) fn submit<M: Message>(
        &self,
        request: &M,
        pattern: &'static ReplyPattern,
    ) -> Result<QueuedRequest, Error> {
        self.shared.submit(request, pattern, self.timeout)
    }

    /// Delays a request that could not be queued, or fails it.
    #[cold]
    pub(super) fn not_sent<M: Message>(
        &self,
        request: &M,
        pattern: &'static ReplyPattern,
        error: Error,
    ) -> UnsentRequest {
        if !self.waits || error.kind() != ErrorKind::Disconnected {
            return self.failed(error);
        }
        let request = request.clone();
        let submit = move |shared: &Arc<Shared>, left| shared.submit(&request, pattern, left);
        match DelayedRequest::new(&self.shared, M::NAME, self.timeout, Box::new(submit)) {
            Ok(delayed) => UnsentRequest::Delayed(Box::new(delayed)),
            Err(error) => self.failed(error),
        }
    }

    #[cold]
    pub(crate) fn failed(&self, error: Error) -> UnsentRequest {
        UnsentRequest::Failed(VersionLookup::new(&self.shared, error))
    }
}

impl UnsentRequest {
    /// Ready when the request is queued. Returns an error once and then `None`.
    #[cold]
    pub(crate) fn poll(
        &mut self,
        shared: &Arc<Shared>,
        cx: &mut Context<'_>,
    ) -> Poll<Result<QueuedRequest, Option<Error>>> {
        if let Self::Delayed(delayed) = self {
            match delayed.poll(cx) {
                Poll::Pending => return Poll::Pending,
                Poll::Ready(Ok(queued)) => return Poll::Ready(Ok(queued)),
                Poll::Ready(Err(error)) => *self = Self::Failed(VersionLookup::new(shared, error)),
            }
        }
        match self {
            Self::Failed(error) => error.poll(cx).map(Err),
            // Unreachable: it was replaced above.
            Self::Delayed(_) => Poll::Ready(Err(None)),
        }
    }
}

use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use vpp_wire::Message;

use super::deferred::Deferred;
use super::explain::Explained;
use crate::shared::Shared;
use crate::shared::ids::Pattern;
use crate::shared::submit::Submitted;
use crate::{Error, ErrorKind};

/// How a client sends its requests.
#[derive(Clone)]
pub(crate) struct Sender {
    pub(crate) shared: Arc<Shared>,
    pub(crate) timeout: Duration,
    /// Whether requests wait for the connection while it is being re-established.
    pub(crate) waits: bool,
}

/// A request that is not in flight: it waits for the connection, or it failed.
pub(crate) enum Opening {
    Deferred(Box<Deferred>),
    Failed(Explained),
}

impl Sender {
    /// Queues a request, or keeps it until the connection is established.
    #[inline]
    pub(crate) fn send<M: Message>(
        &self,
        request: &M,
        pattern: &'static Pattern,
    ) -> Result<Submitted, Opening> {
        self.submit(request, pattern)
            .map_err(|error| self.not_sent(request, pattern, error))
    }

    /// Queues a request.
    #[inline]
    pub(super) fn submit<M: Message>(
        &self,
        request: &M,
        pattern: &'static Pattern,
    ) -> Result<Submitted, Error> {
        self.shared.submit(request, pattern, self.timeout)
    }

    /// What becomes of a request that could not be queued.
    #[cold]
    pub(super) fn not_sent<M: Message>(
        &self,
        request: &M,
        pattern: &'static Pattern,
        error: Error,
    ) -> Opening {
        if !self.waits || error.kind() != ErrorKind::Disconnected {
            return self.failed(error);
        }
        let request = request.clone();
        let submit = move |shared: &Arc<Shared>, left| shared.submit(&request, pattern, left);
        match Deferred::new(&self.shared, M::NAME, self.timeout, Box::new(submit)) {
            Ok(deferred) => Opening::Deferred(Box::new(deferred)),
            Err(error) => self.failed(error),
        }
    }

    #[cold]
    pub(crate) fn failed(&self, error: Error) -> Opening {
        Opening::Failed(Explained::new(&self.shared, error))
    }
}

impl Opening {
    /// The request once it is queued; an error once, then `None`.
    #[cold]
    pub(crate) fn poll(
        &mut self,
        shared: &Arc<Shared>,
        cx: &mut Context<'_>,
    ) -> Poll<Result<Submitted, Option<Error>>> {
        if let Self::Deferred(deferred) = self {
            match deferred.poll(cx) {
                Poll::Pending => return Poll::Pending,
                Poll::Ready(Ok(submitted)) => return Poll::Ready(Ok(submitted)),
                Poll::Ready(Err(error)) => *self = Self::Failed(Explained::new(shared, error)),
            }
        }
        match self {
            Self::Failed(error) => error.poll(cx).map(Err),
            // It was just replaced.
            Self::Deferred(_) => Poll::Ready(Err(None)),
        }
    }
}

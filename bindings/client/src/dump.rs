use std::fmt;
use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use futures_core::Stream;
use vpp_wire::{Message, decode_payload};

use crate::Error;
use crate::inflow::Inflow;
use crate::shared::Shared;
use crate::slots::CallId;
use crate::version::Explained;

/// The details that answer a dump, as a [`Stream`].
///
/// The request is sent when the stream is made. Details wait in memory until they are
/// read, up to the dump limit; beyond it the stream gives those that there is room for
/// and then an error with [`is_overflow`](Error::is_overflow). The timeout counts from
/// the last answer of VPP and not from the last read. A stream ends after its first error.
/// A stream that is dropped early costs its siblings nothing.
#[must_use = "a dump is read by polling it"]
pub struct DumpStream<D> {
    inflow: Inflow,
    state: DumpState,
    details: PhantomData<fn() -> D>,
}

enum DumpState {
    Running,
    Failed(Explained),
    Ended,
}

impl<D: Message> DumpStream<D> {
    pub(crate) fn new(
        shared: Arc<Shared>,
        message: &'static str,
        timeout: Duration,
        call: Result<CallId, Error>,
    ) -> Self {
        let mut inflow = Inflow::new(shared, message, timeout);
        let state = match call {
            Ok(call) => {
                inflow.follow(call);
                DumpState::Running
            }
            Err(error) => DumpState::Failed(Explained::new(&inflow.shared, error)),
        };
        Self {
            inflow,
            state,
            details: PhantomData,
        }
    }

    /// The next item; `None` at the end.
    ///
    /// # Errors
    /// As the stream's items: timeout, disconnect, overflow, a bad or unexpected message.
    pub async fn next(&mut self) -> Option<Result<D, Error>> {
        std::future::poll_fn(|cx| self.poll_item(cx)).await
    }

    /// All items.
    ///
    /// # Errors
    /// The first error; what came before it is dropped.
    pub async fn all(mut self) -> Result<Vec<D>, Error> {
        let mut items = Vec::new();
        while let Some(item) = self.next().await {
            items.push(item?);
        }
        Ok(items)
    }

    #[inline]
    fn poll_item(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<D, Error>>> {
        match &mut self.state {
            DumpState::Running => {}
            DumpState::Failed(error) => return error.poll(cx).map(|error| error.map(Err)),
            DumpState::Ended => return Poll::Ready(None),
        }
        let result = match self.inflow.poll_ready(cx) {
            Poll::Pending => return Poll::Pending,
            Poll::Ready(Ok(())) => self.take(),
            Poll::Ready(Err(error)) => Err(error),
        };
        let error = match result {
            Ok(Some(item)) => return Poll::Ready(Some(Ok(item))),
            Ok(None) => {
                self.inflow.end();
                None
            }
            Err(error) => {
                self.inflow.give_up();
                Some(error)
            }
        };
        self.state = DumpState::Ended;
        Poll::Ready(error.map(Err))
    }

    #[inline]
    fn take(&mut self) -> Result<Option<D>, Error> {
        let item = self.inflow.item;
        match self.inflow.take() {
            Some(frame) if frame.id() == item => {
                let (_, details) = decode_payload(frame.payload)?;
                Ok(Some(details))
            }
            // Only items and the end get into the buffer.
            _ => Ok(None),
        }
    }
}

impl<D: Message> Stream for DumpStream<D> {
    type Item = Result<D, Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.poll_item(cx)
    }
}

impl<D> fmt::Debug for DumpStream<D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("DumpStream")
            .field(&self.inflow.message)
            .finish()
    }
}

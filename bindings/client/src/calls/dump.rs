use std::fmt;
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_core::Stream;
use vpp_wire::{Dump, Message, decode_payload};

use super::frames::Frames;
use super::sender::{Sender, UnsentRequest};
use crate::error::Error;
use crate::table::ids::ReplyPattern;

/// The details that VPP sends in reply to a dump, as a [`Stream`].
///
/// The request is queued when the stream is created. Unread details are buffered up to
/// [`Builder::dump_limit`](crate::Builder::dump_limit). Beyond it the stream returns the
/// buffered details and then an error of kind [`Limit`](crate::ErrorKind::Limit). The timeout
/// starts again with each answer from VPP. The stream ends after its first error.
///
/// # Cancel safety
/// Dropping the future of [`next`](Self::next) loses no item. Dropping the stream early does
/// not affect other calls. The remaining details are discarded.
#[must_use = "a dump is read by polling it"]
pub struct DumpStream<D> {
    frames: Frames,
    state: DumpState,
    details: PhantomData<fn() -> D>,
}

enum DumpState {
    Running,
    Unsent(UnsentRequest),
    Ended,
}

impl<D: Message> DumpStream<D> {
    pub(crate) fn send<M: Dump<Details = D>>(sender: &Sender, request: &M) -> Self {
        let pattern = const { &ReplyPattern::dump::<M>() };
        let mut frames = Frames::new(&sender.shared, M::NAME, sender.timeout);
        let state = match sender.send(request, pattern) {
            Ok(queued) => {
                frames.follow(&queued);
                DumpState::Running
            }
            Err(unsent) => DumpState::Unsent(unsent),
        };
        Self {
            frames,
            state,
            details: PhantomData,
        }
    }

    /// Returns the next item, or `None` at the end.
    ///
    /// # Errors
    /// Those of a [`Call`](crate::calls::Call), and kind [`Limit`](crate::ErrorKind::Limit) if
    /// too many unread items are buffered.
    ///
    /// # Cancel safety
    /// Dropping the future loses no item.
    pub async fn next(&mut self) -> Option<Result<D, Error>> {
        std::future::poll_fn(|cx| self.poll_item(cx)).await
    }

    /// Collects all items.
    ///
    /// # Errors
    /// The first error. The items before it are dropped.
    ///
    /// # Cancel safety
    /// Dropping the future drops the stream.
    pub async fn all(mut self) -> Result<Vec<D>, Error> {
        let mut items = Vec::new();
        while let Some(item) = self.next().await {
            items.push(item?);
        }
        Ok(items)
    }

    #[inline]
    fn poll_item(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<D, Error>>> {
        loop {
            match &mut self.state {
                DumpState::Running => break,
                DumpState::Unsent(unsent) => match unsent.poll(&self.frames.shared, cx) {
                    Poll::Pending => return Poll::Pending,
                    Poll::Ready(Ok(queued)) => {
                        self.frames.follow(&queued);
                        self.state = DumpState::Running;
                    }
                    Poll::Ready(Err(error)) => {
                        self.state = DumpState::Ended;
                        return Poll::Ready(error.map(Err));
                    }
                },
                DumpState::Ended => return Poll::Ready(None),
            }
        }
        let result = match self.frames.poll_ready(cx) {
            Poll::Pending => return Poll::Pending,
            Poll::Ready(Ok(())) => self.take(),
            Poll::Ready(Err(error)) => Err(error),
        };
        let error = match result {
            Ok(Some(item)) => return Poll::Ready(Some(Ok(item))),
            Ok(None) => None,
            Err(error) => Some(error),
        };
        self.frames.end(error.as_ref());
        self.state = DumpState::Ended;
        Poll::Ready(error.map(Err))
    }

    #[inline]
    fn take(&mut self) -> Result<Option<D>, Error> {
        let item = self.frames.item;
        match self.frames.take() {
            Some(frame) if frame.id() == item => {
                let (_, details) = decode_payload(frame.payload)?;
                Ok(Some(details))
            }
            // The reply to the `control_ping`.
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
            .field(&self.frames.message)
            .finish()
    }
}

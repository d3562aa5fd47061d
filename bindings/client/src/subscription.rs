use std::fmt;
use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use futures_core::Stream;
use vpp_wire::{Event, decode_payload};

use crate::Error;
use crate::ask::Ask;
use crate::queue::{self, Entry};
use crate::shared::Shared;

/// What a [`Subscription`] gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Notice<E> {
    /// VPP sent an event.
    Event(E),
    /// This many events are missing here: they came faster than they were read.
    Lagged(u64),
    /// VPP was connected to again and asked for events anew. What happened in between is
    /// not known.
    Restored,
}

impl<E> Notice<E> {
    /// The event, if it is one.
    pub fn event(self) -> Option<E> {
        match self {
            Self::Event(event) => Some(event),
            Self::Lagged(_) | Self::Restored => None,
        }
    }
}

/// Events from VPP, as a [`Stream`] that ends with the connection.
///
/// Subscriptions to the same events share one registration with VPP; each gets every
/// event. When the last of them is dropped, VPP is told to send no more.
#[must_use = "dropping a subscription ends it"]
pub struct Subscription<E> {
    shared: Arc<Shared>,
    id: u64,
    buffer: Vec<u8>,
    at: usize,
    event: PhantomData<fn() -> E>,
}

impl<E: Event> Subscription<E> {
    /// Asks VPP for events; the subscription counts from here on, agreed or not.
    pub(crate) fn open(shared: &Arc<Shared>, ask: Ask) -> Result<Self, Error> {
        let id = shared.with(|inner| inner.subscribe(ask, &shared.limits))?;
        let shared = Arc::clone(shared);
        Ok(Self {
            shared,
            id,
            buffer: Vec::new(),
            at: 0,
            event: PhantomData,
        })
    }

    /// Waits for VPP to agree.
    pub(crate) async fn agreed(&self) -> Result<(), Error> {
        std::future::poll_fn(|cx| self.shared.lock().poll_agreed(self.id, cx)).await
    }

    /// The next event or notice; `None` after the error that ended the subscription.
    ///
    /// # Errors
    /// Disconnect without a reconnect policy; an event that cannot be read, which ends
    /// nothing; VPP refusing the events after a reconnect.
    pub async fn next(&mut self) -> Option<Result<Notice<E>, Error>> {
        std::future::poll_fn(|cx| self.poll_notice(cx)).await
    }

    fn poll_notice(&mut self, cx: &Context<'_>) -> Poll<Option<Result<Notice<E>, Error>>> {
        loop {
            let rest = self.buffer.get(self.at..).unwrap_or_default();
            if let Some((entry, size)) = queue::first(rest) {
                let notice = decode(entry);
                self.at += size;
                return Poll::Ready(Some(notice));
            }
            self.buffer.clear();
            self.at = 0;
            match self
                .shared
                .lock()
                .poll_subscriber(self.id, &mut self.buffer, cx)
            {
                Poll::Ready(Some(Ok(()))) => {}
                Poll::Ready(Some(Err(error))) => return Poll::Ready(Some(Err(error))),
                Poll::Ready(None) => return Poll::Ready(None),
                Poll::Pending => return Poll::Pending,
            }
        }
    }
}

impl<E: Event> Stream for Subscription<E> {
    type Item = Result<Notice<E>, Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.poll_notice(cx)
    }
}

impl<E> Drop for Subscription<E> {
    fn drop(&mut self) {
        self.shared.with(|inner| inner.unsubscribe(self.id));
    }
}

impl<E> fmt::Debug for Subscription<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Subscription").finish_non_exhaustive()
    }
}

/// One event, or what happened to events.
fn decode<E: Event>(entry: Entry<'_>) -> Result<Notice<E>, Error> {
    Ok(match entry {
        Entry::Event(payload) => Notice::Event(decode_payload(payload)?.1),
        Entry::Lagged(count) => Notice::Lagged(count),
        Entry::Restored => Notice::Restored,
    })
}

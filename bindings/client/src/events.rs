//! Subscriptions to events.

use std::fmt;
use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use futures_core::Stream;
use vpp_wire::{Event, decode_payload};

use crate::error::Error;
use crate::event_registry::{Entry, EventRequest, SubscriberId, first_entry};
use crate::shared::Shared;
use crate::table::ids::MessageSpec;

/// An item of a [`Subscription`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Notice<E> {
    /// An event from VPP.
    Event(E),
    /// This many events were lost here, because they arrived faster than they were read.
    Lagged(u64),
    /// The connection was re-established and the client has resubscribed. Events in between were
    /// lost.
    Restored,
}

impl<E> Notice<E> {
    /// Returns the event, if this is one.
    pub fn event(self) -> Option<E> {
        match self {
            Self::Event(event) => Some(event),
            Self::Lagged(_) | Self::Restored => None,
        }
    }
}

/// Events from VPP, as a [`Stream`] that ends with the connection.
///
/// Subscriptions with equal requests share one registration with VPP. Each of them receives
/// every event of that registration once, and no other event. Dropping the last of them turns
/// the events off. Every error ends the stream, except that of an event that cannot be decoded.
///
/// # Cancel safety
/// Dropping the future of [`next`](Self::next) loses no event. Dropping the subscription ends
/// it.
#[must_use = "dropping a subscription ends it"]
pub struct Subscription<E> {
    shared: Arc<Shared>,
    id: SubscriberId,
    buffer: Vec<u8>,
    at: usize,
    /// Whether the error for a forked child was returned.
    has_failed: bool,
    event: PhantomData<fn() -> E>,
}

impl<E: Event> Subscription<E> {
    /// Requests events from VPP.
    pub(crate) fn open(shared: &Arc<Shared>, request: EventRequest) -> Result<Self, Error> {
        let id = shared.with(|inner| inner.subscribe(request))?;
        Ok(Self::new(shared, id))
    }

    /// Receives events that another request turns on.
    pub(crate) fn listen(shared: &Arc<Shared>) -> Result<Self, Error> {
        let id = shared.with(|inner| inner.listen(MessageSpec::of::<E>(), E::PID))?;
        Ok(Self::new(shared, id))
    }

    fn new(shared: &Arc<Shared>, id: SubscriberId) -> Self {
        Self {
            shared: Arc::clone(shared),
            id,
            buffer: Vec::new(),
            at: 0,
            has_failed: false,
            event: PhantomData,
        }
    }

    /// Waits until VPP has confirmed the request.
    pub(crate) async fn confirmed(&self) -> Result<(), Error> {
        let Self { shared, id, .. } = self;
        std::future::poll_fn(|cx| shared.with(|inner| inner.poll_confirmed(*id, cx))).await
    }

    /// The next event or notice. `None` after the error that ended the subscription.
    ///
    /// # Errors
    /// - The connection is lost and there is no reconnect policy.
    /// - After a reconnect VPP refuses the request, or no longer has the messages.
    /// - An event cannot be decoded. This does not end the subscription.
    ///
    /// # Cancel safety
    /// Dropping the future loses no event.
    pub async fn next(&mut self) -> Option<Result<Notice<E>, Error>> {
        std::future::poll_fn(|cx| self.poll_notice(cx)).await
    }

    fn poll_notice(&mut self, cx: &Context<'_>) -> Poll<Option<Result<Notice<E>, Error>>> {
        let Self {
            shared,
            id,
            buffer,
            at,
            has_failed,
            ..
        } = self;
        loop {
            let rest = buffer.get(*at..).unwrap_or_default();
            if let Some((entry, size)) = first_entry(rest) {
                *at += size;
                return Poll::Ready(Some(decode(entry)));
            }
            buffer.clear();
            *at = 0;
            if !shared.process.is_current() {
                let error = Error::forked(E::NAME);
                let is_first = !std::mem::replace(has_failed, true);
                return Poll::Ready(is_first.then_some(Err(error)));
            }
            match shared.with(|inner| inner.poll_subscriber(*id, buffer, cx)) {
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

fn decode<E: Event>(entry: Entry<'_>) -> Result<Notice<E>, Error> {
    Ok(match entry {
        Entry::Event(payload) => Notice::Event(decode_payload(payload)?.1),
        Entry::Lagged(count) => Notice::Lagged(count),
        Entry::Restored => Notice::Restored,
    })
}

//! Adds and removes subscriptions, and passes their events to the readers.

use std::task::{Context, Poll};

use slab::Slab;

use super::inner::Inner;
use crate::error::{Effect, Error};
use crate::event_registry::{EventRequest, Progress, Source, Status, SubscriberId};
use crate::table::ids::MessageSpec;
use crate::wakers::pend;

impl Inner {
    /// Adds a subscriber, and requests the events unless they are requested already.
    pub(crate) fn subscribe(&mut self, request: EventRequest) -> Result<SubscriberId, Error> {
        self.check_connected(request.request.name)?;
        let at = match self.events.by_request.get(&request.key) {
            Some(at) => *at,
            None => {
                let key = request.key.clone();
                let at = self.add_registration(request)?;
                self.events.by_request.insert(key, at);
                at
            }
        };
        let progress = match self.refresh_registration(at) {
            Ok(true) => Progress::Active,
            Ok(false) => Progress::Requested,
            Err(error) => {
                self.remove_registration_if_unused(at);
                return Err(error);
            }
        };
        let limit = self.limits.events;
        Ok(self.events.add(Source::Registration(at), progress, limit))
    }

    /// Adds a subscriber that receives every event with one message id.
    pub(crate) fn listen(
        &mut self,
        event: MessageSpec,
        pid_at: Option<usize>,
    ) -> Result<SubscriberId, Error> {
        self.check_connected(event.name)?;
        let id = self.ids.resolve_event(&event, &self.table)?;
        self.events.routes.entry(id).or_default().pid_at = pid_at;
        let source = Source::Listener {
            event,
            id: Some(id),
        };
        let limit = self.limits.events;
        Ok(self.events.add(source, Progress::Active, limit))
    }

    /// Removes a subscriber. The last subscriber of a registration also removes that.
    pub(crate) fn unsubscribe(&mut self, id: SubscriberId) {
        if self.events.get_mut(id).is_none() {
            return;
        }
        self.events.delist(id.at);
        let Some(subscriber) = self.events.subscribers.try_remove(id.at) else {
            return;
        };
        self.free(subscriber.held + subscriber.queue.bytes());
        self.retired.extend(subscriber.waker);
        if let Source::Registration(at) = subscriber.source {
            self.remove_registration_if_unused(at);
        }
        if self.events.subscribers.is_empty() {
            self.events.subscribers = Slab::new();
        }
        self.check_shutdown();
    }

    fn remove_registration_if_unused(&mut self, at: usize) {
        let registration = self.events.registrations.get(at);
        if !registration.is_some_and(|it| it.members.is_empty()) {
            return;
        }
        let registration = self.events.registrations.remove(at);
        self.events.by_request.remove(&registration.request.key);
        if let Some(route) = registration
            .event
            .and_then(|event| self.events.routes.get_mut(&event))
        {
            route.by_pid.remove(&registration.pid);
        }
        self.turn_off(&registration);
    }

    /// Moves unread events to `buffer`. Pending if there are none. Frees the bytes that were
    /// moved before.
    pub(crate) fn poll_subscriber(
        &mut self,
        id: SubscriberId,
        buffer: &mut Vec<u8>,
        cx: &Context<'_>,
    ) -> Poll<Option<Result<(), Error>>> {
        let Some(subscriber) = self.events.get_mut(id) else {
            return Poll::Ready(None);
        };
        let before = std::mem::take(&mut subscriber.held);
        subscriber.held = subscriber.queue.bytes();
        let result = if subscriber.queue.take(buffer) {
            Poll::Ready(Some(Ok(())))
        } else {
            match &mut subscriber.progress {
                Progress::Ended(error) => Poll::Ready(error.take().map(Err)),
                _ => pend(&mut subscriber.waker, &mut self.retired, cx),
            }
        };
        self.free(before);
        result
    }

    /// Ready when VPP has confirmed the request.
    pub(crate) fn poll_confirmed(
        &mut self,
        id: SubscriberId,
        cx: &Context<'_>,
    ) -> Poll<Result<(), Error>> {
        let Some(subscriber) = self.events.get_mut(id) else {
            return Poll::Ready(Err(Error::finished("subscribe")));
        };
        match &mut subscriber.progress {
            Progress::Active => Poll::Ready(Ok(())),
            Progress::Requested => pend(&mut subscriber.waker, &mut self.retired, cx),
            Progress::Ended(error) => {
                let error = error.take();
                Poll::Ready(Err(error.unwrap_or_else(|| Error::finished("subscribe"))))
            }
        }
    }

    /// Requests all events again on a new connection.
    pub(crate) fn resubscribe(&mut self) {
        self.events.routes.clear();
        let registrations: Vec<_> = self.events.registrations.iter().map(|(at, _)| at).collect();
        for at in registrations {
            if let Err(error) = self.request_again(at) {
                self.end_members(at, &error);
            }
        }
        let listeners: Vec<_> = self.events.subscribers.iter().map(|(at, _)| at).collect();
        for at in listeners {
            self.listen_again(at);
        }
    }

    fn listen_again(&mut self, at: usize) {
        let Some(subscriber) = self.events.subscribers.get_mut(at) else {
            return;
        };
        let Source::Listener { event, id } = &mut subscriber.source else {
            return;
        };
        if matches!(subscriber.progress, Progress::Ended(_)) {
            return;
        }
        match self.ids.resolve_event(event, &self.table) {
            Ok(found) => {
                *id = Some(found);
                subscriber.queue.note_restored();
            }
            Err(error) => {
                *id = None;
                subscriber.progress = Progress::Ended(Some(error));
            }
        }
        let waker = subscriber.waker.take();
        self.woken.extend(waker);
        self.events.enlist(at);
    }

    /// Ends all subscriptions, because the connection is closed.
    pub(crate) fn end_subscriptions(&mut self) {
        for (_, subscriber) in &mut self.events.subscribers {
            let name = match &subscriber.source {
                Source::Listener { event, .. } => event.name,
                Source::Registration(at) => {
                    let registration = self.events.registrations.get(*at);
                    registration.map_or("events", |it| it.request.request.name)
                }
            };
            let error = Error::disconnected(name, Effect::Unknown, self.lost.as_ref());
            subscriber.end(&error);
            self.woken.extend(subscriber.waker.take());
        }
    }

    /// Ends all subscribers of a registration.
    pub(super) fn end_members(&mut self, at: usize, error: &Error) {
        let Some(registration) = self.events.registrations.get_mut(at) else {
            return;
        };
        registration.status = Status::Failed;
        for member in &registration.members {
            if let Some(subscriber) = self.events.subscribers.get_mut(*member) {
                subscriber.end(error);
                let waker = subscriber.waker.take();
                self.woken.extend(waker);
            }
        }
    }
}

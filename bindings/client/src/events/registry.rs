use std::collections::HashMap;
use std::task::{Context, Poll, Waker};

use slab::Slab;

use super::queue::Queue;
use super::registration::{Registration, Status};
use super::request::{EventRequest, RequestKey};
use crate::Error;
use crate::error::Effect;
use crate::shared::Inner;
use crate::shared::ids::Spec;
use crate::shared::wakers::pend;

/// All subscriptions of a client.
///
/// Subscriptions with equal requests share one registration with VPP, which VPP accepts only
/// once per client. Each registration has a number of its own in the field `pid`; VPP repeats
/// it in the events (`ip_neighbor_api.c`, `interface_api.c`), so that an event reaches exactly
/// the subscribers of the registration that it was sent for.
#[derive(Default)]
pub(crate) struct Registry {
    pub(super) registrations: Slab<Registration>,
    by_request: HashMap<RequestKey, usize>,
    pub(super) subscribers: Slab<Subscriber>,
    /// By the events' ids on this connection.
    pub(super) routes: HashMap<u16, EventRoute>,
    /// Tells a subscriber from an earlier one in the same place.
    last: u64,
}

/// Who receives the events of one message id.
#[derive(Default)]
pub(super) struct EventRoute {
    /// The offset of the registration's number in the payload.
    pub(super) pid_at: Option<usize>,
    pub(super) by_pid: HashMap<u32, usize>,
    /// Subscribers to every event of this message.
    pub(super) listeners: Vec<usize>,
}

/// Names a subscriber, and no later one in its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct SubscriberId {
    at: usize,
    serial: u64,
}

pub(super) struct Subscriber {
    serial: u64,
    pub(super) source: Source,
    /// The place in the list that the source keeps.
    pub(super) position: usize,
    pub(super) queue: Queue,
    pub(super) progress: Progress,
    pub(super) waker: Option<Waker>,
    /// The bytes that the subscription has taken and not yet freed.
    held: usize,
}

/// Where a subscriber's events come from.
pub(super) enum Source {
    Registration(usize),
    /// Every event of this message, whoever requested it.
    Listener {
        event: Spec,
        id: Option<u16>,
    },
}

#[derive(Debug)]
pub(super) enum Progress {
    /// VPP has not agreed yet.
    Requested,
    Active,
    /// The error is returned once, after the events before it.
    Ended(Option<Error>),
}

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
        Ok(self.add_subscriber(Source::Registration(at), progress))
    }

    /// Adds a subscriber to every event of a message.
    pub(crate) fn listen(
        &mut self,
        event: Spec,
        pid_at: Option<usize>,
    ) -> Result<SubscriberId, Error> {
        self.check_connected(event.name)?;
        let id = self.ids.resolve_event(&event, &self.table)?;
        self.events.routes.entry(id).or_default().pid_at = pid_at;
        let id = Some(id);
        Ok(self.add_subscriber(Source::Listener { event, id }, Progress::Active))
    }

    fn add_subscriber(&mut self, source: Source, progress: Progress) -> SubscriberId {
        let events = &mut self.events;
        events.last += 1;
        let serial = events.last;
        let subscriber = Subscriber {
            serial,
            source,
            position: 0,
            queue: Queue::new(self.limits.events),
            progress,
            waker: None,
            held: 0,
        };
        let at = events.subscribers.insert(subscriber);
        events.enlist(at);
        SubscriberId { at, serial }
    }

    /// Removes a subscriber, and the registration after the last one.
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

    /// Moves what has arrived to `buffer`; pending where there is nothing. Frees what the
    /// subscription took before.
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

    /// Whether VPP has agreed to send events.
    pub(crate) fn poll_agreed(
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

    /// Requests all events again: VPP has forgotten them with the old connection.
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
                subscriber.queue.restored();
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

    /// Ends all subscriptions: the connection does not come back.
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

    /// Ends everyone who shares a registration.
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

impl Subscriber {
    pub(super) fn end(&mut self, error: &Error) {
        if !matches!(self.progress, Progress::Ended(_)) {
            self.progress = Progress::Ended(Some(error.clone()));
        }
    }
}

impl Registry {
    pub(crate) fn is_empty(&self) -> bool {
        self.subscribers.is_empty()
    }

    fn get_mut(&mut self, id: SubscriberId) -> Option<&mut Subscriber> {
        let subscriber = self.subscribers.get_mut(id.at)?;
        (subscriber.serial == id.serial).then_some(subscriber)
    }

    /// The list that a subscriber is in.
    fn list(&mut self, at: usize) -> Option<&mut Vec<usize>> {
        match &self.subscribers.get(at)?.source {
            Source::Registration(at) => Some(&mut self.registrations.get_mut(*at)?.members),
            Source::Listener { id, .. } => {
                let route = self.routes.entry((*id)?).or_default();
                Some(&mut route.listeners)
            }
        }
    }

    fn enlist(&mut self, at: usize) {
        let Some(list) = self.list(at) else {
            return;
        };
        list.push(at);
        let position = list.len() - 1;
        if let Some(subscriber) = self.subscribers.get_mut(at) {
            subscriber.position = position;
        }
    }

    fn delist(&mut self, at: usize) {
        let Some(position) = self.subscribers.get(at).map(|it| it.position) else {
            return;
        };
        let Some(list) = self.list(at).filter(|list| list.get(position) == Some(&at)) else {
            return;
        };
        list.swap_remove(position);
        let moved = list.get(position).copied();
        if let Some(moved) = moved.and_then(|moved| self.subscribers.get_mut(moved)) {
            moved.position = position;
        }
    }
}

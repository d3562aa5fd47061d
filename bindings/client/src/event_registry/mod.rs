//! The subscriptions of a client, and their registrations with VPP.

mod queue;
mod registration;
mod request;

use std::collections::HashMap;
use std::task::Waker;

use slab::Slab;

use crate::error::Error;
use crate::table::ids::MessageSpec;
pub(crate) use queue::{Entry, Queue, first_entry};
pub(crate) use registration::{Registration, Status};
pub(crate) use request::EventRequest;
use request::RequestKey;

/// All subscriptions of a client.
///
/// Subscriptions with equal requests share one registration, because VPP accepts each only once
/// per client. Every registration has its own number in the field `pid`. VPP copies it into the
/// events (`ip_neighbor_api.c`, `interface_api.c`), so that an event reaches exactly the
/// subscribers of its registration.
#[derive(Default)]
pub(crate) struct EventRegistry {
    pub(crate) registrations: Slab<Registration>,
    pub(crate) by_request: HashMap<RequestKey, usize>,
    pub(crate) subscribers: Slab<Subscriber>,
    /// The routes by message id of this connection.
    pub(crate) routes: HashMap<u16, EventRoute>,
    /// The serial number of the last subscriber.
    last: u64,
}

/// The receivers of the events with one message id.
#[derive(Default)]
pub(crate) struct EventRoute {
    /// The offset of the field `pid` in the payload.
    pub(crate) pid_at: Option<usize>,
    pub(crate) by_pid: HashMap<u32, usize>,
    /// Subscribers that receive every event with this id.
    pub(crate) listeners: Vec<usize>,
}

/// Identifies a subscriber. The serial number differs from later ones at the same index.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct SubscriberId {
    pub(crate) at: usize,
    serial: u64,
}

/// A subscription: its source, its unread events and its progress.
pub(crate) struct Subscriber {
    serial: u64,
    pub(crate) source: Source,
    /// The index in the list of its source.
    pub(crate) position: usize,
    pub(crate) queue: Queue,
    pub(crate) progress: Progress,
    pub(crate) waker: Option<Waker>,
    /// The bytes that the subscription has taken and not yet freed.
    pub(crate) held: usize,
}

/// The source of a subscriber's events.
pub(crate) enum Source {
    Registration(usize),
    /// Every event with this message id.
    Listener {
        event: MessageSpec,
        id: Option<u16>,
    },
}

/// The progress of a subscription.
#[derive(Debug)]
pub(crate) enum Progress {
    /// VPP has not confirmed yet.
    Requested,
    Active,
    /// The error is returned once, after the events before it.
    Ended(Option<Error>),
}

impl Subscriber {
    /// Ends the subscription, unless it has ended.
    pub(crate) fn end(&mut self, error: &Error) {
        if !matches!(self.progress, Progress::Ended(_)) {
            self.progress = Progress::Ended(Some(error.clone()));
        }
    }
}

impl EventRegistry {
    pub(crate) fn is_empty(&self) -> bool {
        self.subscribers.is_empty()
    }

    /// The subscriber, unless it was removed.
    pub(crate) fn get_mut(&mut self, id: SubscriberId) -> Option<&mut Subscriber> {
        let subscriber = self.subscribers.get_mut(id.at)?;
        (subscriber.serial == id.serial).then_some(subscriber)
    }

    /// Adds a subscriber whose queue holds up to `limit` events.
    pub(crate) fn add(&mut self, source: Source, progress: Progress, limit: usize) -> SubscriberId {
        self.last += 1;
        let serial = self.last;
        let at = self.subscribers.insert(Subscriber {
            serial,
            source,
            position: 0,
            queue: Queue::new(limit),
            progress,
            waker: None,
            held: 0,
        });
        self.enlist(at);
        SubscriberId { at, serial }
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

    /// Adds a subscriber to the list of its source.
    pub(crate) fn enlist(&mut self, at: usize) {
        let Some(list) = self.list(at) else {
            return;
        };
        list.push(at);
        let position = list.len() - 1;
        if let Some(subscriber) = self.subscribers.get_mut(at) {
            subscriber.position = position;
        }
    }

    /// Removes a subscriber from the list of its source.
    pub(crate) fn delist(&mut self, at: usize) {
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

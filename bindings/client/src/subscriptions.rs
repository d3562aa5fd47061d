//! Who listens to which events, and what VPP was asked for.
//!
//! VPP takes one registration per client and refuses a second one, so that the
//! subscriptions of one client share it. Two requests are the same when they are the
//! same bytes. VPP handles requests in order, so that one registration can be ended and
//! the next asked for without waiting in between.

use std::collections::BTreeMap;
use std::task::{Context, Poll, Waker};

use vpp_wire::frame;

use crate::Error;
use crate::ask::Ask;
use crate::ids::Spec;
use crate::queue::Queue;
use crate::shared::{Inner, Limits, NOBODY};
use crate::slots::{CallId, Expect};

/// All subscriptions of a client.
#[derive(Default)]
pub(crate) struct Subscriptions {
    registrations: BTreeMap<u64, Registration>,
    subscribers: BTreeMap<u64, Subscriber>,
    last: u64,
}

/// One request to VPP for events.
struct Registration {
    ask: Ask,
    status: Status,
    /// The events' id on this connection.
    event: Option<u16>,
    members: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Status {
    /// Asked, or waiting for a connection to ask on.
    Pending(CallId),
    Active,
    /// Asked, and VPP did not say in time whether it agreed.
    Unsure,
    Failed,
}

struct Subscriber {
    registration: u64,
    queue: Queue,
    progress: Progress,
    waker: Option<Waker>,
}

enum Progress {
    Asking,
    Active,
    Ended(Option<Error>),
}

impl Inner {
    /// A new subscriber, and a request to VPP where nobody asked yet.
    pub(crate) fn subscribe(&mut self, ask: Ask, limits: &Limits) -> Result<u64, Error> {
        self.check_connected(ask.request.name)?;
        let registrations = &mut self.subscriptions.registrations;
        let mut found = registrations.iter_mut();
        let (key, progress) = match found.find(|it| {
            it.1.ask.kind == ask.kind
                && it.1.ask.on == ask.on
                && !matches!(it.1.status, Status::Failed | Status::Unsure)
        }) {
            Some((key, registration)) => {
                registration.members += 1;
                let active = registration.status == Status::Active;
                (
                    *key,
                    if active {
                        Progress::Active
                    } else {
                        Progress::Asking
                    },
                )
            }
            None => (self.register(ask, limits)?, Progress::Asking),
        };
        self.subscriptions.last += 1;
        let id = self.subscriptions.last;
        let queue = Queue::new(limits.events);
        let subscriber = Subscriber {
            registration: key,
            queue,
            progress,
            waker: None,
        };
        self.subscriptions.subscribers.insert(id, subscriber);
        Ok(id)
    }

    fn register(&mut self, ask: Ask, limits: &Limits) -> Result<u64, Error> {
        let (call, event) = self.request_events(&ask, None, limits)?;
        self.subscriptions.last += 1;
        let key = self.subscriptions.last;
        if let Some(slot) = self.slots.get_mut(call) {
            slot.expect.registration = Some(key);
        }
        let status = Status::Pending(call);
        let registration = Registration {
            ask,
            status,
            event: Some(event),
            members: 1,
        };
        self.subscriptions.registrations.insert(key, registration);
        Ok(key)
    }

    fn request_events(
        &mut self,
        ask: &Ask,
        registration: Option<u64>,
        limits: &Limits,
    ) -> Result<(CallId, u16), Error> {
        let [request, reply, event] = ask.ids(&mut self.ids, &self.table)?;
        let expect = Expect {
            item: None,
            stray: None,
            end: reply,
            timeout: ask.timeout,
            limit: limits.frame,
            registration,
        };
        let call = self.take_slot(ask.request.name, expect)?;
        self.send_raw(&ask.on, &ask.request, request, call);
        Ok((call, event))
    }

    /// Queues an encoded payload, with the ids of this connection put in.
    fn send_raw(&mut self, payload: &[u8], spec: &Spec, id: u16, context: CallId) {
        let start = self.outgoing.len() + frame::HEADER;
        if frame::wrap(payload, &mut self.outgoing).is_err() {
            return;
        }
        let payload = self.outgoing.get_mut(start..).unwrap_or_default();
        let mut put = |at: usize, bytes: &[u8]| {
            if let Some(place) = payload.get_mut(at..at + bytes.len()) {
                place.copy_from_slice(bytes);
            }
        };
        put(0, &id.to_be_bytes());
        if let Some(at) = spec.layout.client_index {
            put(at, &self.client_index.to_be_bytes());
        }
        if let Some(at) = spec.layout.context {
            put(at, &context.to_be_bytes());
        }
    }

    /// VPP's answer to a request for events, or the lack of one.
    pub(crate) fn registration_settled(&mut self, key: u64, call: CallId, wakers: &mut Vec<Waker>) {
        let Some(slot) = self.slots.get_mut(call) else {
            return;
        };
        let outcome = slot.outcome();
        let bytes = std::mem::take(&mut slot.buffer);
        self.slots.release(call);
        let Subscriptions {
            registrations,
            subscribers,
            ..
        } = &mut self.subscriptions;
        let Some(registration) = registrations.get_mut(&key) else {
            return;
        };
        let Registration { ask, status, .. } = registration;
        let lost = matches!(outcome, Some(Err(crate::slots::Failure::Lost(_))));
        let first = match outcome {
            None => return,
            Some(Ok(())) => (ask.check)(ask.request.name, &bytes),
            Some(Err(failure)) => Err(failure.error(ask.request.name, ask.timeout, 0)),
        };
        *status = match &first {
            Ok(()) => Status::Active,
            // Asked again on the next connection, for those who had it on this one.
            Err(_) if lost => Status::Pending(NOBODY),
            Err(error) if error.is_timeout() => Status::Unsure,
            Err(_) => Status::Failed,
        };
        for subscriber in subscribers.values_mut().filter(|it| it.registration == key) {
            match (&first, &subscriber.progress) {
                (_, Progress::Ended(_)) => continue,
                (Ok(()), Progress::Asking) => subscriber.progress = Progress::Active,
                (Ok(()), Progress::Active) => subscriber.queue.restored(),
                (Err(_), Progress::Active) if lost => continue,
                (Err(error), _) => subscriber.progress = Progress::Ended(Some(error.share())),
            }
            wakers.extend(subscriber.waker.take());
        }
    }

    /// Asks for all events again: VPP has forgotten them with the old connection.
    pub(crate) fn subscribe_again(&mut self, limits: &Limits) {
        let mut registrations = std::mem::take(&mut self.subscriptions.registrations);
        for (key, registration) in &mut registrations {
            registration.event = None;
            if registration.status == Status::Failed {
                continue;
            }
            let asked = self.request_events(&registration.ask, Some(*key), limits);
            match asked {
                Ok((call, event)) => {
                    registration.event = Some(event);
                    registration.status = Status::Pending(call);
                }
                Err(error) => {
                    registration.status = Status::Failed;
                    let subscribers = self.subscriptions.subscribers.values_mut();
                    for subscriber in subscribers.filter(|it| it.registration == *key) {
                        subscriber.end(&error);
                    }
                }
            }
        }
        self.subscriptions.registrations = registrations;
    }

    /// Forgets a subscriber, and tells VPP when it was the last.
    pub(crate) fn unsubscribe(&mut self, id: u64) {
        let Some(subscriber) = self.subscriptions.subscribers.remove(&id) else {
            return;
        };
        let key = subscriber.registration;
        let registrations = &mut self.subscriptions.registrations;
        if let Some(registration) = registrations.get_mut(&key) {
            registration.members -= 1;
            if registration.members == 0
                && let Some(registration) = registrations.remove(&key)
            {
                self.unregister(&registration);
            }
        }
        self.look_whether_to_leave();
    }

    fn unregister(&mut self, registration: &Registration) {
        let Registration { ask, status, .. } = registration;
        if let Status::Pending(call) = status {
            self.slots.release(*call);
        }
        if *status == Status::Failed || self.check_connected(ask.request.name).is_err() {
            return;
        }
        if let Ok([request, ..]) = ask.ids(&mut self.ids, &self.table) {
            self.send_raw(&ask.off, &ask.request, request, NOBODY);
        }
    }

    /// What comes next for a subscriber.
    pub(crate) fn poll_subscriber(
        &mut self,
        id: u64,
        buffer: &mut Vec<u8>,
        cx: &Context<'_>,
    ) -> Poll<Option<Result<(), Error>>> {
        let Some(subscriber) = self.subscriptions.subscribers.get_mut(&id) else {
            return Poll::Ready(None);
        };
        if subscriber.queue.take(buffer) {
            return Poll::Ready(Some(Ok(())));
        }
        if let Progress::Ended(error) = &mut subscriber.progress {
            return Poll::Ready(error.take().map(Err));
        }
        subscriber.wait(cx);
        Poll::Pending
    }

    /// Whether VPP has agreed to send events.
    pub(crate) fn poll_agreed(&mut self, id: u64, cx: &Context<'_>) -> Poll<Result<(), Error>> {
        let Some(subscriber) = self.subscriptions.subscribers.get_mut(&id) else {
            return Poll::Ready(Err(Error::closed("the subscription has ended")));
        };
        match &mut subscriber.progress {
            Progress::Active => Poll::Ready(Ok(())),
            Progress::Asking => {
                subscriber.wait(cx);
                Poll::Pending
            }
            Progress::Ended(error) => {
                let error = error.take();
                Poll::Ready(Err(error.unwrap_or_else(|| Error::closed("no connection"))))
            }
        }
    }
}

impl Subscriber {
    fn wait(&mut self, cx: &Context<'_>) {
        if !self
            .waker
            .as_ref()
            .is_some_and(|waker| waker.will_wake(cx.waker()))
        {
            self.waker = Some(cx.waker().clone());
        }
    }

    fn end(&mut self, error: &Error) {
        if !matches!(self.progress, Progress::Ended(_)) {
            self.progress = Progress::Ended(Some(error.share()));
        }
    }
}

impl Subscriptions {
    pub(crate) fn is_empty(&self) -> bool {
        self.subscribers.is_empty()
    }

    /// Hands an event to all who asked for its kind.
    pub(crate) fn deliver(&mut self, id: u16, payload: &[u8], wakers: &mut Vec<Waker>) {
        for (key, registration) in &self.registrations {
            if registration.event != Some(id) {
                continue;
            }
            let subscribers = self.subscribers.values_mut();
            for subscriber in subscribers.filter(|it| it.registration == *key) {
                subscriber.queue.push(payload);
                wakers.extend(subscriber.waker.take());
            }
        }
    }

    /// Ends all subscriptions: the connection does not come back.
    pub(crate) fn end(&mut self, cause: Option<&Error>, wakers: &mut Vec<Waker>) {
        for subscriber in self.subscribers.values_mut() {
            let key = &subscriber.registration;
            let name = self
                .registrations
                .get(key)
                .map_or("events", |it| it.ask.request.name);
            subscriber.end(&Error::disconnected(name, cause));
            wakers.extend(subscriber.waker.take());
        }
    }
}

//! One registration with VPP for events.
//!
//! VPP handles the requests of a client in order, so that a registration can be turned off and
//! on again without waiting in between. That is how one is renewed of which it is not known
//! whether VPP has it: the answer to the second request is then certain.

use vpp_wire::{VppError, frame};

use super::registry::Progress;
use super::request::EventRequest;
use crate::calls::{Expect, Failure};
use crate::shared::ids::Spec;
use crate::shared::{CallId, Inner, NOBODY};
use crate::{Error, ErrorKind};

pub(super) struct Registration {
    pub(super) request: EventRequest,
    /// The number that names this registration in VPP's events.
    pub(super) pid: u32,
    pub(super) status: Status,
    /// The events' id on this connection.
    pub(super) event: Option<u16>,
    /// The subscribers, ended ones included.
    pub(super) members: Vec<usize>,
    /// Whether the request follows one that turned the events off.
    is_renewal: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Status {
    /// Not requested on this connection.
    Idle,
    Requested(CallId),
    Active,
    /// Requested, and VPP did not answer in time.
    Unsure,
    Failed,
}

impl Inner {
    pub(super) fn add_registration(&mut self, request: EventRequest) -> Result<usize, Error> {
        let [_, _, event] = request.ids(&mut self.ids, &self.table)?;
        let route = self.events.routes.entry(event).or_default();
        // The process id, as VPP's own clients send it, unless it names another registration
        // for the same events already.
        let mut pid = std::process::id();
        while pid == 0 || route.by_pid.contains_key(&pid) {
            pid = fastrand::u32(..);
        }
        let registration = Registration {
            request,
            pid,
            status: Status::Idle,
            event: None,
            members: Vec::new(),
            is_renewal: false,
        };
        Ok(self.events.registrations.insert(registration))
    }

    /// Requests the events unless they are; returns whether VPP has agreed already.
    pub(super) fn refresh_registration(&mut self, at: usize) -> Result<bool, Error> {
        let status = self.events.registrations.get(at).map(|it| it.status);
        match status {
            Some(Status::Active) => Ok(true),
            Some(Status::Requested(_)) | None => Ok(false),
            Some(Status::Idle | Status::Failed) => self.turn_on(at, false).map(|()| false),
            Some(Status::Unsure) => self.turn_on(at, true).map(|()| false),
        }
    }

    /// A connection begins.
    pub(super) fn request_again(&mut self, at: usize) -> Result<(), Error> {
        let Some(registration) = self.events.registrations.get_mut(at) else {
            return Ok(());
        };
        registration.event = None;
        if registration.status == Status::Failed {
            return Ok(());
        }
        registration.status = Status::Idle;
        self.turn_on(at, false)
    }

    /// Sends the request, after one that turns the events off where it is not known whether
    /// VPP sends them.
    fn turn_on(&mut self, at: usize, is_renewal: bool) -> Result<(), Error> {
        let Some(registration) = self.events.registrations.get_mut(at) else {
            return Ok(());
        };
        let EventRequest {
            request, timeout, ..
        } = &registration.request;
        let (spec, timeout) = (*request, *timeout);
        let (on, off) = (
            registration.request.payload(true, registration.pid)?,
            registration.request.payload(false, registration.pid)?,
        );
        let [id, reply, event] = registration.request.ids(&mut self.ids, &self.table)?;
        let route = self.events.routes.entry(event).or_default();
        route.pid_at = registration.request.event_pid;
        route.by_pid.insert(registration.pid, at);
        registration.event = Some(event);
        let expect = Expect {
            item: None,
            stray: None,
            end: Some(reply),
            timeout,
            limit: self.limits.frame,
            registration: Some(at),
        };
        let frames = on.len() + frame::HEADER;
        let frames = if is_renewal { 2 * frames } else { frames };
        let call = self.add_other_call(spec.name, expect, frames)?;
        if is_renewal {
            self.queue_payload(&off, &spec, id, NOBODY);
        }
        self.queue_payload(&on, &spec, id, call);
        if let Some(registration) = self.events.registrations.get_mut(at) {
            registration.status = Status::Requested(call);
            registration.is_renewal = is_renewal;
        }
        Ok(())
    }

    /// Has VPP send no more events.
    pub(super) fn turn_off(&mut self, registration: &Registration) {
        let Registration {
            request,
            pid,
            status,
            ..
        } = registration;
        if let Status::Requested(call) = status {
            self.release(*call);
        }
        let is_known_off = matches!(status, Status::Idle | Status::Failed);
        if is_known_off || self.check_connected(request.request.name).is_err() {
            return;
        }
        let ids = request.ids(&mut self.ids, &self.table);
        if let (Ok([id, ..]), Ok(off)) = (ids, request.payload(false, *pid)) {
            self.queue_payload(&off, &request.request, id, NOBODY);
        }
    }

    /// Queues an encoded payload with the ids of this connection.
    fn queue_payload(&mut self, payload: &[u8], spec: &Spec, id: u16, context: CallId) {
        let before = self.outgoing.len();
        if frame::wrap(payload, &mut self.outgoing).is_err() {
            return;
        }
        let start = before + frame::HEADER;
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
        let bytes = self.outgoing.len() - before;
        self.note_queued(bytes);
    }

    /// VPP's answer to a request for events, or the lack of one.
    #[cold]
    pub(crate) fn registration_settled(&mut self, at: usize, call: CallId) {
        let Some(slot) = self.calls.get_mut(call) else {
            return;
        };
        let outcome = slot.take_outcome();
        let answer = std::mem::take(&mut slot.buffer);
        self.free(answer.len());
        self.release(call);
        let Some(registration) = self.events.registrations.get_mut(at) else {
            return;
        };
        if registration.status != Status::Requested(call) {
            return;
        }
        let EventRequest {
            request,
            timeout,
            check,
            ..
        } = &registration.request;
        let is_lost = matches!(outcome, Err(Failure::Lost { .. }));
        let result = match outcome {
            Ok(()) => check(request.name, &answer),
            Err(failure) => Err(failure.error(request.name, *timeout)),
        };
        let is_refused_as_known = result.as_ref().is_err_and(|error| {
            error.vpp_error() == Some(VppError::INVALID_REGISTRATION) && !registration.is_renewal
        });
        if is_refused_as_known && self.turn_on(at, true).is_ok() {
            return;
        }
        self.inform_members(at, &result, is_lost);
    }

    fn inform_members(&mut self, at: usize, result: &Result<(), Error>, is_lost: bool) {
        let Some(registration) = self.events.registrations.get_mut(at) else {
            return;
        };
        registration.status = match result {
            Ok(()) => Status::Active,
            Err(_) if is_lost => Status::Idle,
            Err(error) if error.kind() == ErrorKind::Timeout => Status::Unsure,
            Err(_) => Status::Failed,
        };
        for member in &registration.members {
            let Some(subscriber) = self.events.subscribers.get_mut(*member) else {
                continue;
            };
            match (result, &subscriber.progress) {
                (_, Progress::Ended(_)) => continue,
                (Ok(()), Progress::Requested) => subscriber.progress = Progress::Active,
                (Ok(()), Progress::Active) => subscriber.queue.restored(),
                // Requested again on the next connection.
                (Err(_), Progress::Active) if is_lost => continue,
                (Err(error), _) => subscriber.end(error),
            }
            let waker = subscriber.waker.take();
            self.woken.extend(waker);
        }
    }
}

//! Registers with VPP for events.
//!
//! If it is unknown whether VPP has a registration, the client renews it: it sends a request
//! that turns the events off and, without waiting, one that turns them on. VPP handles the
//! requests of a client in order, so the second reply is unambiguous.

use vpp_wire::{VppError, frame};

use super::inner::Inner;
use crate::error::{Error, ErrorKind};
use crate::event_registry::{EventRequest, Progress, Registration, Status};
use crate::in_flight::{CallId, Expectation, Failure, NO_CALL};
use crate::table::ids::MessageSpec;

impl Inner {
    /// Adds a registration that is not requested yet.
    pub(super) fn add_registration(&mut self, request: EventRequest) -> Result<usize, Error> {
        let [_, _, event] = request.ids(&mut self.ids, &self.table)?;
        let route = self.events.routes.entry(event).or_default();
        // VPP's own clients send the process id. It is replaced if another registration for the
        // same events has it.
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

    /// Requests the events, unless they are requested. Returns whether VPP has confirmed them.
    pub(super) fn refresh_registration(&mut self, at: usize) -> Result<bool, Error> {
        let status = self.events.registrations.get(at).map(|it| it.status);
        match status {
            Some(Status::Active) => Ok(true),
            Some(Status::Requested(_)) | None => Ok(false),
            Some(Status::Idle | Status::Failed) => self.turn_on(at, false).map(|()| false),
            Some(Status::Unknown) => self.turn_on(at, true).map(|()| false),
        }
    }

    /// Requests the events on a new connection.
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

    /// Queues the request. A renewal turns the events off first.
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
        let expect = Expectation {
            item: None,
            stray: None,
            end: Some(reply),
            timeout,
            limit: self.limits.frame,
            registration: Some(at),
        };
        let frames = on.len() + frame::HEADER_SIZE;
        let frames = if is_renewal { 2 * frames } else { frames };
        let call = self.add_other_call(spec.name, expect, frames)?;
        if is_renewal {
            self.queue_payload(&off, &spec, id, NO_CALL);
        }
        self.queue_payload(&on, &spec, id, call);
        if let Some(registration) = self.events.registrations.get_mut(at) {
            registration.status = Status::Requested(call);
            registration.is_renewal = is_renewal;
        }
        Ok(())
    }

    /// Turns the events off, if they may be on.
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
            self.queue_payload(&off, &request.request, id, NO_CALL);
        }
    }

    /// Queues a payload with the message id and client index of this connection.
    fn queue_payload(&mut self, payload: &[u8], spec: &MessageSpec, id: u16, context: CallId) {
        let before = self.outgoing.len();
        if frame::wrap(payload, &mut self.outgoing).is_err() {
            return;
        }
        let start = before + frame::HEADER_SIZE;
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

    /// Handles VPP's reply to a request for events, or its failure.
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
        let is_already_registered = result.as_ref().is_err_and(|error| {
            error.vpp_error() == Some(VppError::INVALID_REGISTRATION) && !registration.is_renewal
        });
        if is_already_registered && self.turn_on(at, true).is_ok() {
            return;
        }
        self.inform_members(at, &result, is_lost);
    }

    /// Updates the registration and its subscribers.
    fn inform_members(&mut self, at: usize, result: &Result<(), Error>, is_lost: bool) {
        let Some(registration) = self.events.registrations.get_mut(at) else {
            return;
        };
        registration.status = match result {
            Ok(()) => Status::Active,
            Err(_) if is_lost => Status::Idle,
            Err(error) if error.kind() == ErrorKind::Timeout => Status::Unknown,
            Err(_) => Status::Failed,
        };
        for member in &registration.members {
            let Some(subscriber) = self.events.subscribers.get_mut(*member) else {
                continue;
            };
            match (result, &subscriber.progress) {
                (_, Progress::Ended(_)) => continue,
                (Ok(()), Progress::Requested) => subscriber.progress = Progress::Active,
                (Ok(()), Progress::Active) => subscriber.queue.note_restored(),
                // The events are requested again on the next connection.
                (Err(_), Progress::Active) if is_lost => continue,
                (Err(error), _) => subscriber.end(error),
            }
            let waker = subscriber.waker.take();
            self.woken.extend(waker);
        }
    }
}

//! Closes a connection: sends `sockclnt_delete` and waits for its reply.

use vpp_wire::bootstrap::{SockclntDelete, SockclntDeleteReply};
use vpp_wire::{Header, frame};

use super::inner::{Inner, Unregister};
use crate::in_flight::CallId;
use crate::table::ids::MessageSpec;

/// The context of `sockclnt_delete`. No call has it.
const CONTEXT: CallId = 1;

impl Inner {
    /// Notes that the last client was dropped. Calls in flight are still answered.
    pub(crate) fn note_clients_dropped(&mut self) {
        self.clients_dropped = true;
        self.check_shutdown();
    }

    /// Requests to close the connection.
    pub(crate) fn request_close(&mut self) {
        self.close_requested = true;
        self.check_shutdown();
    }

    /// Wakes the connection if it has to close. Call this when a call or subscription ends.
    #[inline]
    pub(crate) fn check_shutdown(&mut self) {
        if self.should_close() {
            self.attention = true;
        }
    }

    /// Whether the connection has to close.
    #[inline]
    pub(crate) fn should_close(&self) -> bool {
        self.close_requested
            || (self.clients_dropped && self.calls.waiting() == 0 && self.events.is_empty())
    }

    /// Whether requests are no longer accepted.
    #[inline]
    pub(crate) fn is_closing(&self) -> bool {
        self.close_requested || self.unregister != Unregister::No
    }

    /// Whether VPP has unregistered the client, or the request cannot be sent.
    pub(crate) fn is_unregistered(&self) -> bool {
        self.unregister == Unregister::Done
    }

    /// Queues the request to unregister, after all queued requests.
    pub(crate) fn unregister(&mut self) {
        let request = self
            .ids
            .resolve(&MessageSpec::of::<SockclntDelete>(), &self.table);
        let reply = self
            .ids
            .resolve(&MessageSpec::of::<SockclntDeleteReply>(), &self.table);
        let (Ok(request), Ok(reply)) = (request, reply) else {
            // Without this message, closing the socket unregisters the client.
            self.unregister = Unregister::Done;
            return;
        };
        self.unregister = Unregister::Requested(reply);
        let header = Header {
            client_index: self.client_index,
            context: CONTEXT,
        };
        let index = self.client_index;
        let message = SockclntDelete { index };
        let start = self.outgoing.len();
        let max = frame::MAX_PAYLOAD;
        if frame::encode(&message, request, header, max, &mut self.outgoing).is_err() {
            self.unregister = Unregister::Done;
        }
        let bytes = self.outgoing.len() - start;
        self.note_queued(bytes);
    }

    /// Handles VPP's reply to the request. Returns false for any other message.
    pub(super) fn take_unregistered(&mut self, id: u16, context: CallId) -> bool {
        let is_answer = context == CONTEXT && self.unregister == Unregister::Requested(id);
        if is_answer {
            self.unregister = Unregister::Done;
        }
        is_answer
    }

    /// Drops unsent requests and queues the request to unregister, unless it is queued.
    pub(crate) fn unregister_now(&mut self) {
        if self.unregister == Unregister::No {
            self.outgoing.clear();
            self.unregister();
        }
    }
}

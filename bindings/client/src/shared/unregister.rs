//! The end of a connection: `sockclnt_delete` and its answer.

use vpp_wire::bootstrap::{SockclntDelete, SockclntDeleteReply};
use vpp_wire::{Header, frame};

use super::ids::Spec;
use super::{CallId, Inner};

/// The context of `sockclnt_delete`; no call has it.
const CONTEXT: CallId = 1;

/// Whether VPP was asked to unregister this client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unregister {
    No,
    /// The request is queued; the answer has this id.
    Requested(u16),
    /// VPP answered, or cannot be asked.
    Done,
}

impl Inner {
    /// No client is left; what is in flight is waited for.
    pub(crate) fn abandon(&mut self) {
        self.abandoned = true;
        self.check_shutdown();
    }

    /// A client asks for the end of the connection.
    pub(crate) fn leave(&mut self) {
        self.leaving = true;
        self.check_shutdown();
    }

    /// To be called where the last reason to stay may have gone.
    #[inline]
    pub(crate) fn check_shutdown(&mut self) {
        if self.wants_to_leave() {
            self.attention = true;
        }
    }

    /// Whether the connection is to end.
    #[inline]
    pub(crate) fn wants_to_leave(&self) -> bool {
        self.leaving || (self.abandoned && self.calls.waiting() == 0 && self.events.is_empty())
    }

    /// Whether nothing can be queued any more.
    #[inline]
    pub(crate) fn is_leaving(&self) -> bool {
        self.leaving || self.unregister != Unregister::No
    }

    /// Whether VPP has unregistered the client, as far as it can be asked to.
    pub(crate) fn is_unregistered(&self) -> bool {
        self.unregister == Unregister::Done
    }

    /// Queues the request to unregister, after everything that was queued before.
    pub(crate) fn unregister(&mut self) {
        let request = self.ids.resolve(&Spec::of::<SockclntDelete>(), &self.table);
        let reply = self
            .ids
            .resolve(&Spec::of::<SockclntDeleteReply>(), &self.table);
        let (Ok(request), Ok(reply)) = (request, reply) else {
            // A VPP without the message sees the socket close, which means the same.
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

    /// Takes VPP's answer to the request; false if the message is something else.
    pub(super) fn take_unregistered(&mut self, id: u16, context: CallId) -> bool {
        let is_answer = context == CONTEXT && self.unregister == Unregister::Requested(id);
        if is_answer {
            self.unregister = Unregister::Done;
        }
        is_answer
    }

    /// Drops what was not sent and queues the request to unregister, if it is not yet queued.
    pub(crate) fn unregister_now(&mut self) {
        if self.unregister == Unregister::No {
            self.outgoing.clear();
            self.unregister();
        }
    }
}

//! Registers handlers for requests, dumps and messages without a reply.

use vpp_wire::{Dump, Message, Request};

use super::call::{Call, Sink, replying};
use super::dispatcher::Dispatcher;
use crate::state::{Crash, Outcome, VppState};

impl Dispatcher {
    /// Registers a request.
    pub(super) fn request<R>(&mut self, handle: fn(&mut Call<'_>, R) -> R::Reply) -> &mut Self
    where
        R: Request,
        R::Reply: Default,
    {
        self.add::<R>(Box::new(replying(move |call, request| {
            Ok(handle(call, request))
        })))
    }

    /// Registers a request that can crash VPP.
    pub(super) fn fatal<R>(
        &mut self,
        handle: fn(&mut VppState, R) -> Result<R::Reply, Crash>,
    ) -> &mut Self
    where
        R: Request,
        R::Reply: Default,
    {
        self.add::<R>(Box::new(replying(move |call, request| {
            handle(call.state(), request)
        })))
    }

    /// Registers a request that changes the state and whose reply has only a `retval`.
    pub(super) fn change<R>(&mut self, handle: fn(&mut VppState, R) -> Outcome) -> &mut Self
    where
        R: Request,
        R::Reply: Default,
    {
        self.add::<R>(Box::new(move |call, payload| {
            let request: R = call.read(payload)?;
            let retval = if call.is_refused() {
                0
            } else {
                super::code(&handle(call.state(), request))
            };
            call.reply_retval::<R::Reply>(retval);
            Ok(())
        }))
    }

    /// Registers a dump. Without a destination for its details it is not handled.
    pub(super) fn dump<D: Dump>(
        &mut self,
        handle: fn(&VppState, D, &mut Sink<'_, D::Details>),
    ) -> &mut Self {
        self.add::<D>(Box::new(move |call, payload| {
            let request: D = call.read(payload)?;
            let refused = call.is_refused();
            if let (state, Some(mut sink)) = call.split()
                && !refused
            {
                handle(state, request, &mut sink);
            }
            Ok(())
        }))
    }

    /// Registers a message that gets no reply.
    pub(super) fn silent<M: Message>(&mut self) -> &mut Self {
        self.add::<M>(Box::new(|call, payload| {
            call.read::<M>(payload)?;
            Ok(())
        }))
    }
}

//! The forms that requests and their answers have.

use vpp_wire::{Dump, Message, Request, decode_payload};

use super::routes::Routes;
use super::{Call, Sink};
use crate::state::{Dead, Outcome, State};

impl Routes {
    /// A request and what answers it.
    pub(super) fn request<R>(&mut self, handle: fn(&mut Call<'_>, R) -> R::Reply) -> &mut Self
    where
        R: Request,
        R::Reply: Default,
    {
        self.answer(move |call, request| Ok(handle(call, request)))
    }

    /// A request that VPP can die of.
    pub(super) fn fatal<R>(
        &mut self,
        handle: fn(&mut State, R) -> Result<R::Reply, Dead>,
    ) -> &mut Self
    where
        R: Request,
        R::Reply: Default,
    {
        self.answer(move |call, request| handle(call.state(), request))
    }

    fn answer<R, H>(&mut self, handle: H) -> &mut Self
    where
        R: Request,
        R::Reply: Default,
        H: Fn(&mut Call<'_>, R) -> Result<R::Reply, Dead> + Send + Sync + 'static,
    {
        self.add::<R>(Box::new(move |call, payload| {
            let (header, request) = decode_payload::<R>(payload)?;
            call.set_header(header);
            let answer = if call.is_refused() {
                Ok(R::Reply::default())
            } else {
                handle(call, request)
            };
            match answer {
                Ok(reply) => call.reply(&reply),
                Err(dead) => call.die(dead),
            }
            Ok(())
        }))
    }

    /// A request that changes the state and gets nothing but a `retval`.
    pub(super) fn change<R>(&mut self, handle: fn(&mut State, R) -> Outcome) -> &mut Self
    where
        R: Request,
        R::Reply: Default,
    {
        self.add::<R>(Box::new(move |call, payload| {
            let (header, request) = decode_payload::<R>(payload)?;
            call.set_header(header);
            let retval = if call.is_refused() {
                0
            } else {
                super::code(&handle(call.state(), request))
            };
            call.reply_retval::<R::Reply>(retval);
            Ok(())
        }))
    }

    /// A dump and its details; without anyone to answer it ends at once.
    pub(super) fn dump<D: Dump>(
        &mut self,
        handle: fn(&State, D, &mut Sink<'_, D::Details>),
    ) -> &mut Self {
        self.add::<D>(Box::new(move |call, payload| {
            let (header, request) = decode_payload::<D>(payload)?;
            call.set_header(header);
            let refused = call.is_refused();
            if let (state, Some(mut sink)) = call.split()
                && !refused
            {
                handle(state, request, &mut sink);
            }
            Ok(())
        }))
    }

    /// A request that VPP reads and never answers.
    pub(super) fn silent<M: Message>(&mut self) -> &mut Self {
        self.add::<M>(Box::new(|call, payload| {
            let (header, _) = decode_payload::<M>(payload)?;
            call.set_header(header);
            Ok(())
        }))
    }
}

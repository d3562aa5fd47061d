//! The forms that requests and their answers have.

use vpp_wire::{DecodeError, Dump, Message, Request};

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
        self.add::<R>(Box::new(answering(move |call, request| {
            Ok(handle(call, request))
        })))
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
        self.add::<R>(Box::new(answering(move |call, request| {
            handle(call.state(), request)
        })))
    }

    /// A request that changes the state and gets nothing but a `retval`.
    pub(super) fn change<R>(&mut self, handle: fn(&mut State, R) -> Outcome) -> &mut Self
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

    /// A dump and its details; without anyone to answer it ends at once.
    pub(super) fn dump<D: Dump>(
        &mut self,
        handle: fn(&State, D, &mut Sink<'_, D::Details>),
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

    /// A request that VPP reads and never answers.
    pub(super) fn silent<M: Message>(&mut self) -> &mut Self {
        self.add::<M>(Box::new(|call, payload| {
            call.read::<M>(payload)?;
            Ok(())
        }))
    }
}

/// Reads a request, has it handled unless a fault refuses it, and answers.
pub(super) fn answering<R>(
    handle: impl Fn(&mut Call<'_>, R) -> Result<R::Reply, Dead> + Send + Sync + 'static,
) -> impl Fn(&mut Call<'_>, &[u8]) -> Result<(), DecodeError> + Send + Sync + 'static
where
    R: Request,
    R::Reply: Default,
{
    move |call, payload| {
        let request: R = call.read(payload)?;
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
    }
}

//! Which message is handled by what.

use std::fmt;

use vpp_wire::registry::Entry;
use vpp_wire::{DecodeError, Dump, Layout, Message, Request, VppError, decode_payload};

use super::{Call, Sink};
use crate::state::{Dead, Outcome, State};

/// A message that this VPP knows.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Known {
    /// The API name.
    pub(crate) name: &'static str,
    /// The key in the message table.
    pub(crate) key: &'static str,
    /// The module that defines it.
    pub(crate) module: &'static str,
    /// What handles it; nothing for replies, details and events.
    handler: Option<usize>,
}

type Handler = Box<dyn Fn(&mut Call<'_>, &[u8]) -> Result<(), DecodeError> + Send + Sync>;

/// All messages, and the handlers of the requests among them.
pub(crate) struct Routes {
    known: Vec<Known>,
    handlers: Vec<Handler>,
}

impl fmt::Debug for Routes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(&self.known).finish()
    }
}

impl Routes {
    /// Every message of every module, and what handles it.
    pub(crate) fn new() -> Self {
        let mut routes = Self {
            known: Vec::new(),
            handlers: Vec::new(),
        };
        routes.add_messages();
        super::memclnt::register(&mut routes);
        super::vlib::register(&mut routes);
        super::vpe::register(&mut routes);
        super::interface::register(&mut routes);
        super::ip::register(&mut routes);
        super::ip_neighbor::register(&mut routes);
        super::l2::register(&mut routes);
        super::memif::register(&mut routes);
        super::vhost_user::register(&mut routes);
        super::tapv2::register(&mut routes);
        super::af_packet::register(&mut routes);
        routes.refuse_the_rest();
        routes
    }

    /// All messages.
    pub(crate) fn known(&self) -> impl Iterator<Item = Known> {
        self.known.iter().copied()
    }

    /// Has a payload handled; nothing happens where it is no request.
    pub(crate) fn handle(&self, call: &mut Call<'_>, payload: &[u8]) -> Result<(), DecodeError> {
        let handler = call.known.handler.and_then(|at| self.handlers.get(at));
        match handler {
            Some(handler) => handler(call, payload),
            None => {
                tracing::warn!(name = call.known.name, "dropped: VPP has no handler for it");
                Ok(())
            }
        }
    }

    fn add_messages(&mut self) {
        use vpp_bindings::*;
        let modules = [
            ("memclnt", memclnt::MESSAGES),
            ("vlib", vlib::MESSAGES),
            ("vpe", vpe::MESSAGES),
            ("interface", interface::MESSAGES),
            ("ip", ip::MESSAGES),
            ("ip_neighbor", ip_neighbor::MESSAGES),
            ("l2", l2::MESSAGES),
            ("memif", memif::MESSAGES),
            ("vhost_user", vhost_user::MESSAGES),
            ("tapv2", tapv2::MESSAGES),
            ("af_packet", af_packet::MESSAGES),
            ("ping", ping::MESSAGES),
        ];
        for (module, messages) in modules {
            let entries = messages
                .iter()
                .filter_map(|(name, _)| REGISTRY.by_name(name));
            self.known.extend(entries.map(|entry| Known {
                name: entry.name,
                key: entry.key,
                module,
                handler: None,
            }));
        }
    }

    /// Gives every request that nothing handles a refusal.
    fn refuse_the_rest(&mut self) {
        for known in &mut self.known {
            let entry = vpp_bindings::REGISTRY.get(known.key);
            let Some(entry) = entry.filter(|_| known.handler.is_none()) else {
                continue;
            };
            let reply = vpp_bindings::REGISTRY.by_name(&format!("{}_reply", entry.name));
            if entry.layout == Layout::REQUEST {
                known.handler = Some(self.handlers.len());
                self.handlers.push(refusal(entry, reply));
            }
        }
    }

    fn add<M: Message>(&mut self, handler: Handler) -> &mut Self {
        let mut known = self.known.iter_mut();
        if let Some(known) = known.find(|known| known.key == M::KEY) {
            known.handler = Some(self.handlers.len());
            self.handlers.push(handler);
        }
        self
    }
}

/// Answers a request that is not simulated.
fn refusal(entry: &'static Entry, reply: Option<&'static Entry>) -> Handler {
    Box::new(move |call, payload| {
        let (header, _) = (entry.decode)(payload)?;
        call.set_header(header);
        tracing::warn!(name = entry.name, "not simulated");
        let Some(reply) = reply else {
            return Ok(());
        };
        // All zero is a value of every reply, whatever its size.
        let Ok((_, empty)) = (reply.decode)(&[0; 4096]) else {
            return Ok(());
        };
        let id = call.core.table.ids().get(reply.key).copied().unwrap_or(0);
        let header = vpp_wire::Header {
            client_index: 0,
            context: call.context(),
        };
        let mut payload = Vec::new();
        if empty.encode_payload(id, header, &mut payload).is_ok() {
            let retval = VppError::UNIMPLEMENTED.0.to_be_bytes();
            if let Some(place) = payload.get_mut(reply.layout.body..reply.layout.body + 4) {
                place.copy_from_slice(&retval);
            }
            call.raw(&payload);
        }
        Ok(())
    })
}

impl Routes {
    /// A request and what answers it.
    pub(super) fn request<R>(&mut self, handle: fn(&mut Call<'_>, R) -> R::Reply) -> &mut Self
    where
        R: Request,
        R::Reply: Default,
    {
        self.add::<R>(Box::new(move |call, payload| {
            let (header, request) = decode_payload::<R>(payload)?;
            call.set_header(header);
            let reply = if call.is_refused() {
                R::Reply::default()
            } else {
                handle(call, request)
            };
            call.reply(&reply);
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

    /// A request that VPP can die of.
    pub(super) fn fatal<R>(
        &mut self,
        handle: fn(&mut State, R) -> Result<R::Reply, Dead>,
    ) -> &mut Self
    where
        R: Request,
        R::Reply: Default,
    {
        self.add::<R>(Box::new(move |call, payload| {
            let (header, request) = decode_payload::<R>(payload)?;
            call.set_header(header);
            let answer = if call.is_refused() {
                Ok(R::Reply::default())
            } else {
                handle(call.state(), request)
            };
            match answer {
                Ok(reply) => call.reply(&reply),
                Err(dead) => call.die(dead),
            }
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

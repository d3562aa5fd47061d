//! Looks up message ids by name and CRC, once per connection and message type.

use std::any::TypeId;
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use vpp_wire::bootstrap::{ControlPing, ControlPingReply};
use vpp_wire::{Dump, Get, Layout, Message, Request};

use crate::error::Error;
use crate::table::{MessageTable, Presence};

const POINTERS: &str = "it contains pointers into shared memory, and VPP crashes on those from \
                        a socket client";
const DESCRIPTORS: &str = "VPP answers with file descriptors outside of a frame \
                           (vl_sock_api_send_fd_msg), which breaks the stream";

/// The messages that must not be sent over a socket, and why (`vlibmemory/memclnt_api.c`,
/// `vlibmemory/socket_api.c`, `vnet/session/session_api.c`, `plugins/selog/api.c`).
const FORBIDDEN: [(&str, &str); 9] = [
    ("memclnt_create", POINTERS),
    ("memclnt_create_v2", POINTERS),
    ("memclnt_delete", POINTERS),
    ("rpc_call", POINTERS),
    ("cli", POINTERS),
    ("sock_init_shm", DESCRIPTORS),
    ("app_attach", DESCRIPTORS),
    ("app_worker_add_del", DESCRIPTORS),
    ("selog_get_shm", DESCRIPTORS),
];

/// The constants of a message type.
#[derive(Debug, Clone, Copy)]
pub(crate) struct MessageSpec {
    pub(crate) name: &'static str,
    pub(crate) crc: u32,
    pub(crate) key: &'static str,
    pub(crate) layout: Layout,
}

impl MessageSpec {
    pub(crate) const fn of<M: Message>() -> Self {
        Self {
            name: M::NAME,
            crc: M::CRC,
            key: M::KEY,
            layout: M::LAYOUT,
        }
    }
}

/// The messages that VPP sends in reply to a request.
#[derive(Debug, Clone, Copy)]
pub(crate) enum ReplyPattern {
    /// No reply.
    OneWay,
    /// One reply.
    Call { reply: MessageSpec },
    /// Items, then the reply to a `control_ping` that follows the request.
    Dump {
        item: MessageSpec,
        stray: Option<&'static str>,
    },
    /// Items, then a reply.
    Get {
        item: MessageSpec,
        reply: MessageSpec,
    },
}

impl ReplyPattern {
    pub(crate) const fn call<M: Request>() -> Self {
        Self::Call {
            reply: MessageSpec::of::<M::Reply>(),
        }
    }

    pub(crate) const fn dump<M: Dump>() -> Self {
        Self::Dump {
            item: MessageSpec::of::<M::Details>(),
            stray: M::STRAY_REPLY,
        }
    }

    pub(crate) const fn get<M: Get>() -> Self {
        Self::Get {
            item: MessageSpec::of::<M::Details>(),
            reply: MessageSpec::of::<M::Reply>(),
        }
    }
}

/// The message ids of a call.
#[derive(Debug, Clone, Copy)]
pub(crate) struct MessageIds {
    pub(crate) request: u16,
    pub(crate) item: Option<u16>,
    /// A message that VPP may send among the items and that is ignored.
    pub(crate) stray: Option<u16>,
    pub(crate) end: Option<u16>,
    pub(crate) ping: Option<u16>,
}

/// The message ids of a connection that were looked up, and how to dispatch them.
#[derive(Default)]
pub(crate) struct IdCache {
    known: HashMap<TypeId, MessageIds, BuildHasherDefault<IdentityHasher>>,
    routes: Vec<Route>,
}

/// How to dispatch an incoming message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Route {
    /// To the call with the context at this offset.
    Context(usize),
    /// To the subscribers of its message id.
    Event,
}

/// The route of messages that were not looked up.
const USUAL: Route = Route::Context(2);

impl IdCache {
    pub(crate) fn clear(&mut self) {
        self.known.clear();
        self.routes.clear();
    }

    /// The message ids for a request of type `M`.
    #[inline]
    pub(crate) fn of<M: Message>(
        &mut self,
        pattern: &ReplyPattern,
        table: &MessageTable,
    ) -> Result<MessageIds, Error> {
        // Each type has exactly one pattern, so the type alone is the key.
        match self.known.get(&TypeId::of::<M>()) {
            Some(ids) => Ok(*ids),
            None => self.look_up::<M>(pattern, table),
        }
    }

    #[cold]
    fn look_up<M: Message>(
        &mut self,
        pattern: &ReplyPattern,
        table: &MessageTable,
    ) -> Result<MessageIds, Error> {
        let request = self.resolve(&MessageSpec::of::<M>(), table)?;
        let mut id = |spec: &MessageSpec| self.resolve(spec, table);
        let ids = match pattern {
            ReplyPattern::OneWay => MessageIds {
                request,
                item: None,
                stray: None,
                end: None,
                ping: None,
            },
            ReplyPattern::Call { reply } => MessageIds {
                request,
                item: None,
                stray: None,
                end: Some(id(reply)?),
                ping: None,
            },
            ReplyPattern::Get { item, reply } => MessageIds {
                request,
                item: Some(id(item)?),
                stray: None,
                end: Some(id(reply)?),
                ping: None,
            },
            ReplyPattern::Dump { item, stray } => MessageIds {
                request,
                item: Some(id(item)?),
                stray: stray.and_then(|key| table.get(key)),
                end: Some(id(&MessageSpec::of::<ControlPingReply>())?),
                ping: Some(id(&MessageSpec::of::<ControlPing>())?),
            },
        };
        self.known.insert(TypeId::of::<M>(), ids);
        Ok(ids)
    }

    /// Looks up the id of a message. Stores its route for incoming frames.
    pub(crate) fn resolve(
        &mut self,
        spec: &MessageSpec,
        table: &MessageTable,
    ) -> Result<u16, Error> {
        if let Some((_, why)) = FORBIDDEN.iter().find(|(name, _)| *name == spec.name) {
            return Err(Error::forbidden(spec.name, why));
        }
        let Some(id) = table.get(spec.key) else {
            return Err(match table.presence(spec.name, spec.crc) {
                Presence::OtherCrc { vpp } => Error::crc(spec.name, spec.crc, vpp),
                Presence::Absent | Presence::Present => Error::unknown(spec.name),
            });
        };
        self.set_route(
            id,
            match spec.layout.context {
                Some(at) => Route::Context(at),
                None => Route::Event,
            },
        );
        Ok(id)
    }

    /// Looks up the id of an event. Events are dispatched by message id even if they have a
    /// context.
    pub(crate) fn resolve_event(
        &mut self,
        spec: &MessageSpec,
        table: &MessageTable,
    ) -> Result<u16, Error> {
        let id = self.resolve(spec, table)?;
        self.set_route(id, Route::Event);
        Ok(id)
    }

    fn set_route(&mut self, id: u16, route: Route) {
        if self.routes.len() <= id.into() {
            self.routes.resize(usize::from(id) + 1, USUAL);
        }
        if let Some(place) = self.routes.get_mut(usize::from(id)) {
            *place = route;
        }
    }

    #[inline]
    pub(crate) fn route(&self, id: u16) -> Route {
        self.routes.get(usize::from(id)).copied().unwrap_or(USUAL)
    }
}

/// A hasher that does nothing, because a `TypeId` is a hash already.
#[derive(Default)]
pub(crate) struct IdentityHasher(u64);

impl Hasher for IdentityHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }

    fn write_u64(&mut self, value: u64) {
        self.0 ^= value;
    }
}

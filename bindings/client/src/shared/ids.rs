//! Message ids: looked up by name and CRC once per connection and message type.

use std::any::TypeId;
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use vpp_wire::bootstrap::{ControlPing, ControlPingReply};
use vpp_wire::{Dump, Get, Layout, Message, Request};

use crate::{Error, MessageTable, Presence};

const POINTERS: &str = "it carries pointers into shared memory, and VPP crashes on those of a \
                        socket client";
const DESCRIPTORS: &str = "VPP answers it with file descriptors outside any frame \
                           (vl_sock_api_send_fd_msg), after which the stream cannot be read";

/// The messages that must not travel over a socket, and why (`vlibmemory/memclnt_api.c`,
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

/// A message's constants, without its type.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Spec {
    pub(crate) name: &'static str,
    pub(crate) crc: u32,
    pub(crate) key: &'static str,
    pub(crate) layout: Layout,
}

impl Spec {
    pub(crate) const fn of<M: Message>() -> Self {
        Self {
            name: M::NAME,
            crc: M::CRC,
            key: M::KEY,
            layout: M::LAYOUT,
        }
    }
}

/// Which messages make up a call.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Pattern {
    /// Nothing comes back.
    OneWay,
    /// One reply.
    Call { reply: Spec },
    /// Items, ended by the reply to a `control_ping` sent after the request.
    Dump {
        item: Spec,
        stray: Option<&'static str>,
    },
    /// Items, ended by a reply.
    Get { item: Spec, reply: Spec },
}

impl Pattern {
    pub(crate) const fn call<M: Request>() -> Self {
        Self::Call {
            reply: Spec::of::<M::Reply>(),
        }
    }

    pub(crate) const fn dump<M: Dump>() -> Self {
        Self::Dump {
            item: Spec::of::<M::Details>(),
            stray: M::STRAY_REPLY,
        }
    }

    pub(crate) const fn get<M: Get>() -> Self {
        Self::Get {
            item: Spec::of::<M::Details>(),
            reply: Spec::of::<M::Reply>(),
        }
    }
}

/// The ids that a call needs.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ids {
    pub(crate) request: u16,
    pub(crate) item: Option<u16>,
    /// What VPP may send among the items and means nothing.
    pub(crate) stray: Option<u16>,
    pub(crate) end: Option<u16>,
    pub(crate) ping: Option<u16>,
}

/// The ids in use on one connection, and the offsets of their contexts.
#[derive(Default)]
pub(crate) struct IdCache {
    known: HashMap<TypeId, Ids, BuildHasherDefault<AsIs>>,
    routes: Vec<Route>,
}

/// How an incoming message finds its receiver.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Route {
    /// By the context at this offset.
    Context(usize),
    /// To subscribers of its id.
    Event,
}

/// The offset of the context in every message that was not looked up.
const USUAL: Route = Route::Context(2);

impl IdCache {
    pub(crate) fn clear(&mut self) {
        self.known.clear();
        self.routes.clear();
    }

    /// The ids for sending an `M`.
    #[inline]
    pub(crate) fn of<M: Message>(
        &mut self,
        pattern: &Pattern,
        table: &MessageTable,
    ) -> Result<Ids, Error> {
        // A message has one pattern by its traits, and one entry by its type.
        match self.known.get(&TypeId::of::<M>()) {
            Some(ids) => Ok(*ids),
            None => self.learn::<M>(pattern, table),
        }
    }

    #[cold]
    fn learn<M: Message>(&mut self, pattern: &Pattern, table: &MessageTable) -> Result<Ids, Error> {
        let request = self.resolve(&Spec::of::<M>(), table)?;
        let mut id = |spec: &Spec| self.resolve(spec, table);
        let ids = match pattern {
            Pattern::OneWay => Ids {
                request,
                item: None,
                stray: None,
                end: None,
                ping: None,
            },
            Pattern::Call { reply } => Ids {
                request,
                item: None,
                stray: None,
                end: Some(id(reply)?),
                ping: None,
            },
            Pattern::Get { item, reply } => Ids {
                request,
                item: Some(id(item)?),
                stray: None,
                end: Some(id(reply)?),
                ping: None,
            },
            Pattern::Dump { item, stray } => Ids {
                request,
                item: Some(id(item)?),
                stray: stray.and_then(|key| table.get(key)),
                end: Some(id(&Spec::of::<ControlPingReply>())?),
                ping: Some(id(&Spec::of::<ControlPing>())?),
            },
        };
        self.known.insert(TypeId::of::<M>(), ids);
        Ok(ids)
    }

    /// The id of a message; its layout is kept for incoming frames.
    pub(crate) fn resolve(&mut self, spec: &Spec, table: &MessageTable) -> Result<u16, Error> {
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

    /// The id of an event, which is dispatched by it whatever else it carries.
    pub(crate) fn resolve_event(
        &mut self,
        spec: &Spec,
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

/// A `TypeId` is a hash already.
#[derive(Default)]
pub(crate) struct AsIs(u64);

impl Hasher for AsIs {
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

//! Message ids: looked up by name and CRC once per connection and message type.

use std::any::TypeId;
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use vpp_wire::bootstrap::{ControlPing, ControlPingReply};
use vpp_wire::{Layout, Message};

use crate::{Error, MessageTable, Presence};

/// The messages that VPP takes as pointers into shared memory: over a socket they end it.
const DEADLY: [&str; 5] = [
    "memclnt_create",
    "memclnt_create_v2",
    "memclnt_delete",
    "rpc_call",
    "cli",
];

/// A message without its type.
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

/// How the messages of a call belong together.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Shape {
    /// Nothing comes back.
    OneWay,
    /// One reply.
    Call { reply: Spec },
    /// Items, ended by the answer to a `control_ping` sent behind the request.
    Dump {
        item: Spec,
        stray: Option<&'static str>,
    },
    /// Items, ended by a reply.
    Get { item: Spec, reply: Spec },
}

/// The ids that a call needs.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ids {
    pub(crate) request: u16,
    pub(crate) item: Option<u16>,
    /// What VPP may send among the items, and means nothing.
    pub(crate) stray: Option<u16>,
    pub(crate) end: u16,
    pub(crate) ping: Option<u16>,
}

/// The ids in use on one connection, and where their contexts stand.
#[derive(Default)]
pub(crate) struct IdCache {
    known: HashMap<TypeId, Ids, BuildHasherDefault<AsIs>>,
    routes: Vec<Route>,
}

/// How a message finds its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Route {
    /// By the context at this offset.
    Context(usize),
    /// To subscribers of its id.
    Event,
}

/// Where the context stands in every reply that is not registered.
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
        shape: Shape,
        table: &MessageTable,
    ) -> Result<Ids, Error> {
        // A message has one shape by its traits, and one entry by its type.
        match self.known.get(&TypeId::of::<M>()) {
            Some(ids) => Ok(*ids),
            None => self.learn::<M>(shape, table),
        }
    }

    #[cold]
    fn learn<M: Message>(&mut self, shape: Shape, table: &MessageTable) -> Result<Ids, Error> {
        let request = self.resolve(&Spec::of::<M>(), table)?;
        let mut id = |spec: &Spec| self.resolve(spec, table);
        let ids = match shape {
            Shape::OneWay => Ids {
                request,
                item: None,
                stray: None,
                end: 0,
                ping: None,
            },
            Shape::Call { reply } => Ids {
                request,
                item: None,
                stray: None,
                end: id(&reply)?,
                ping: None,
            },
            Shape::Get { item, reply } => Ids {
                request,
                item: Some(id(&item)?),
                stray: None,
                end: id(&reply)?,
                ping: None,
            },
            Shape::Dump { item, stray } => Ids {
                request,
                item: Some(id(&item)?),
                stray: stray.and_then(|key| table.get(key)),
                end: id(&Spec::of::<ControlPingReply>())?,
                ping: Some(id(&Spec::of::<ControlPing>())?),
            },
        };
        self.known.insert(TypeId::of::<M>(), ids);
        Ok(ids)
    }

    /// The id of a message, whose layout is kept for what comes in.
    pub(crate) fn resolve(&mut self, spec: &Spec, table: &MessageTable) -> Result<u16, Error> {
        if DEADLY.contains(&spec.name) {
            let why = "it carries pointers into shared memory, and VPP dies of it";
            return Err(Error::refused(spec.name, why));
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

    /// The id of an event, which finds its way by it whatever else it carries.
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

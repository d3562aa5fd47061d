use super::{Derives, Field, Size, TypeDef};

/// A message. It refers to other messages by their index in [`Module::messages`](super::Module).
#[derive(Debug)]
pub struct Message {
    /// The API name.
    pub name: String,
    /// The Rust name.
    pub rust: String,
    /// The CRC of the definition.
    pub crc: u32,
    /// Its documentation, in lines.
    pub doc: Vec<String>,
    /// Rust code that uses the message.
    pub example: Option<String>,
    /// Set if it has the option `deprecated`.
    pub deprecation: Option<Deprecation>,
    /// The message that replaces it, if it is deprecated or has the option `replaced_by`.
    pub successor: Option<Successor>,
    /// The fields without message id and leading header.
    pub fields: Vec<Field>,
    /// The offsets of the header fields.
    pub header: Header,
    /// How it is answered.
    pub kind: Kind,
    /// The messages that this one answers.
    pub answers: Vec<usize>,
    /// Set if it ends a call.
    pub reply: Option<Reply>,
    /// Set if VPP sends it without a request.
    pub event: Option<Event>,
    /// The size of the fields on the wire.
    pub size: Size,
    /// The traits that its Rust type derives.
    pub derives: Derives,
    /// Whether it is generated, if its module is.
    pub emitted: bool,
}

/// The option `deprecated`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deprecation {
    /// The text of the option, such as a release.
    pub text: Option<String>,
}

/// The message that replaces another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Successor {
    /// The API name.
    pub name: String,
    /// The indices of its module and of the message in the module, if it is defined.
    pub place: Option<(usize, usize)>,
}

/// Offsets in the payload, counted from the message id, as in `vpp_wire::Layout`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Header {
    /// The offset of `client_index`.
    pub client_index: Option<u64>,
    /// The offset of `context`.
    pub context: Option<u64>,
    /// The offset of the fields after the header.
    pub body: u64,
    /// The constant of `vpp_wire::Layout` with these offsets.
    pub layout: Option<&'static str>,
}

/// How a message is answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// A reply, details, an event, or a message without a service.
    Passive,
    /// One reply answers it.
    Request {
        /// The reply.
        reply: usize,
        /// The events that it enables.
        subscription: Option<Subscription>,
    },
    /// Any number of details answer it.
    Dump {
        /// The details.
        details: usize,
        /// A reply that VPP sends among the details although no service names it.
        stray_reply: Option<usize>,
    },
    /// Any number of details answer it, then a reply.
    Get {
        /// The details.
        details: usize,
        /// The reply after the details.
        reply: usize,
        /// Set if the reply can contain a cursor to continue from.
        cursor: Option<Cursor>,
    },
    /// VPP sends no answer.
    OneWay,
}

/// The events that a request enables.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subscription {
    /// The event.
    pub event: usize,
    /// The index of the field that enables the events.
    pub switch: usize,
    /// The index of the field `pid`.
    pub pid: Option<usize>,
    /// The fields that select which events VPP sends.
    pub selectors: Vec<Selector>,
}

/// A field that request and event share.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Selector {
    /// The offset in the payload of the request.
    pub in_request: u64,
    /// The offset in the payload of the event.
    pub in_event: u64,
    /// The size in bytes.
    pub size: u64,
}

/// The indices of the field `cursor` in request and reply.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cursor {
    /// The index in the request.
    pub in_request: usize,
    /// The index in the reply.
    pub in_reply: usize,
}

/// A message that ends a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reply {
    /// The field `retval`, if it has one.
    pub retval: Option<Retval>,
}

/// The field `retval` of a reply.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retval {
    /// The index of the field.
    pub field: usize,
    /// Whether its type is signed.
    pub is_signed: bool,
    /// The offset in the payload, if it is the same in every payload.
    pub offset: Option<u64>,
}

/// A message that VPP sends without a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Event {
    /// The offset of `pid` in the payload.
    pub pid: Option<u64>,
}

impl Message {
    /// The offset of each field, as [`offset_of`](Self::offset_of).
    pub(crate) fn offsets(&self, types: &[TypeDef]) -> Vec<Option<u64>> {
        let mut next = Some(self.header.body);
        let offset = |field: &Field| {
            let offset = next;
            next = offset.and_then(|offset| Some(offset.saturating_add(field.fixed_size(types)?)));
            offset
        };
        self.fields.iter().map(offset).collect()
    }

    /// The offset of a field in the payload, counted from the message id; `None` if a
    /// field of variable size precedes it.
    pub fn offset_of(&self, place: usize, types: &[TypeDef]) -> Option<u64> {
        let before = self.fields.iter().take(place);
        before
            .map(|field| field.fixed_size(types))
            .try_fold(self.header.body, |offset, size| {
                Some(offset.saturating_add(size?))
            })
    }
}

impl Kind {
    /// The messages that answer a message of this kind.
    pub fn answers(&self) -> Vec<usize> {
        match self {
            Self::Passive | Self::OneWay => Vec::new(),
            Self::Request {
                reply,
                subscription,
            } => {
                let event = subscription.as_ref().map(|subscription| subscription.event);
                std::iter::once(*reply).chain(event).collect()
            }
            Self::Dump {
                details,
                stray_reply,
            } => {
                let stray_reply = stray_reply.filter(|reply| reply != details);
                std::iter::once(*details).chain(stray_reply).collect()
            }
            Self::Get { details, reply, .. } if details == reply => vec![*details],
            Self::Get { details, reply, .. } => vec![*details, *reply],
        }
    }
}

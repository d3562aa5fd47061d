use super::{Derives, Field, Size, TypeDef};

/// A message, with the places of other messages in [`Module::messages`](super::Module).
#[derive(Debug)]
pub struct Message {
    pub name: String,
    pub rust: String,
    pub crc: u32,
    pub doc: Vec<String>,
    /// Rust code that uses the message.
    pub example: Option<String>,
    pub deprecation: Option<Deprecation>,
    /// The message that replaces it, if it is deprecated or has the option `replaced_by`.
    pub successor: Option<Successor>,
    /// The fields without message id and leading header.
    pub fields: Vec<Field>,
    pub header: Header,
    pub kind: Kind,
    /// The messages that this one answers.
    pub answers: Vec<usize>,
    /// Set if it ends a call.
    pub reply: Option<Reply>,
    /// Set if VPP sends it without a request.
    pub event: Option<Event>,
    pub size: Size,
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

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Successor {
    pub name: String,
    /// The places of its module and of the message, if it is defined.
    pub place: Option<(usize, usize)>,
}

/// Offsets in the payload, counted from the message id, as in `vpp_wire::Layout`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Header {
    pub client_index: Option<u64>,
    pub context: Option<u64>,
    pub body: u64,
    /// The constant of `vpp_wire::Layout` with these offsets.
    pub layout: Option<&'static str>,
}

/// How a message is answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// A reply, details, an event, or a message without a service.
    Passive,
    Request {
        reply: usize,
        subscription: Option<Subscription>,
    },
    Dump {
        details: usize,
        /// A reply that VPP sends among the details although no service names it.
        stray_reply: Option<usize>,
    },
    Get {
        details: usize,
        reply: usize,
        cursor: Option<Cursor>,
    },
    OneWay,
}

/// The events that a request enables.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subscription {
    pub event: usize,
    /// The place of the field that enables the events.
    pub switch: usize,
    /// The place of the field `pid`.
    pub pid: Option<usize>,
    pub selectors: Vec<Selector>,
}

/// A field that request and event share: offsets in both payloads, and size.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Selector {
    pub in_request: u64,
    pub in_event: u64,
    pub size: u64,
}

/// The places of the field `cursor` in request and reply.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cursor {
    pub in_request: usize,
    pub in_reply: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reply {
    pub retval: Option<Retval>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retval {
    /// The place of the field.
    pub field: usize,
    pub is_signed: bool,
    /// The offset in the payload, if it is the same in every payload.
    pub offset: Option<u64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Event {
    /// The offset of `pid` in the payload.
    pub pid: Option<u64>,
}

impl Message {
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
            } => std::iter::once(*details).chain(*stray_reply).collect(),
            Self::Get { details, reply, .. } => vec![*details, *reply],
        }
    }
}

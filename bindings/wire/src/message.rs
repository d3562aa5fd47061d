use std::fmt::Debug;

use crate::{DecodeError, DecodeErrorKind, EncodeError, Reader, Wire, Writer};

/// A message of VPP's API: its fields without message id, `client_index` and `context`.
///
/// [`Wire`] is the codec of the fields. [`encode_payload`] and [`decode_payload`] add the header
/// at the offsets in [`Message::LAYOUT`].
pub trait Message: Wire + Clone + Debug + Send + Sync + 'static {
    /// The API name, for example `memif_create_v2`.
    const NAME: &'static str;
    /// The CRC of the definition. Definitions with the same CRC have the same layout.
    const CRC: u32;
    /// The key in VPP's message table: name, `_`, CRC in 8 hex digits.
    const KEY: &'static str;
    /// The offsets of `client_index` and `context`.
    const LAYOUT: Layout;
}

/// The offsets of `client_index`, `context` and the fields in a payload.
///
/// The message id is at offset 0. If a header field is between the fields of the message,
/// [`Wire::encode`] writes it as zero, [`Wire::decode`] skips it, and [`encode_payload`] sets it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Layout {
    /// The offset of `client_index`, if the message has it.
    pub client_index: Option<usize>,
    /// The offset of `context`, if the message has it.
    pub context: Option<usize>,
    /// The offset of the first field.
    pub body: usize,
}

impl Layout {
    /// `client_index`, then `context`: requests, and a few replies.
    pub const REQUEST: Self = Self {
        client_index: Some(2),
        context: Some(6),
        body: 10,
    };
    /// Only `context`: replies, details and `sockclnt_create`.
    pub const REPLY: Self = Self {
        client_index: None,
        context: Some(2),
        body: 6,
    };
    /// Only `client_index`: events.
    pub const EVENT: Self = Self {
        client_index: Some(2),
        context: None,
        body: 6,
    };
    /// Neither.
    pub const BARE: Self = Self {
        client_index: None,
        context: None,
        body: 2,
    };

    /// Reads the context from a payload, if this layout has one and the payload is long enough.
    #[must_use]
    #[inline]
    pub fn context_of(&self, payload: &[u8]) -> Option<u32> {
        read_u32(payload, self.context?)
    }
}

fn read_u32(payload: &[u8], at: usize) -> Option<u32> {
    let bytes = payload.get(at..)?.first_chunk()?;
    Some(u32::from_be_bytes(*bytes))
}

/// The header fields of a message. They are 0 if its layout does not have them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Header {
    /// The client index, from `sockclnt_create_reply.index`.
    pub client_index: u32,
    /// The number of the call. The client chooses it, and VPP copies it into the reply.
    pub context: u32,
}

/// A message with exactly one reply.
pub trait Request: Message {
    /// The reply.
    type Reply: Reply;
}

/// A message that VPP answers with any number of details. The end is not marked, so send
/// `control_ping` after it and wait for its reply.
pub trait Dump: Message {
    /// One item of the dump.
    type Details: Message;

    /// The key of a reply that VPP sends among the details although the API file does not declare
    /// it (`mactime_dump`). Ignore it.
    const STRAY_REPLY: Option<&'static str> = None;
}

/// A message that VPP answers with details and then a reply. The reply ends the details or has
/// the cursor of the next slice.
pub trait Get: Message {
    /// One item.
    type Details: Message;
    /// The reply that follows the items.
    type Reply: Reply;

    /// Sets the cursor of the first item. Does nothing if the request has no cursor.
    fn set_cursor(&mut self, cursor: u32) {
        let _ = cursor;
    }

    /// The cursor of the next slice, if the reply has one.
    fn next_cursor(reply: &Self::Reply) -> Option<u32> {
        let _ = reply;
        None
    }
}

/// A message without a reply.
pub trait OneWay: Message {}

/// The message that ends a call.
pub trait Reply: Message {
    /// The offset of `retval` in the payload, counted from the message id.
    ///
    /// `None` if the reply has no `retval`, or if its offset varies because a field of variable
    /// size precedes it.
    const RETVAL: Option<usize> = None;

    /// VPP's result: 0, or the negative number of a [`VppError`](crate::VppError).
    ///
    /// It is 0 if the reply has no `retval`.
    fn retval(&self) -> i32 {
        0
    }

    /// Reads `retval` from a payload, even if [`decode_payload`] fails on it.
    ///
    /// When VPP refuses a request, it may leave the fields after `retval` unset or omit them.
    /// `None` if [`Self::RETVAL`] is `None` or the payload is too short.
    #[must_use]
    #[inline]
    fn retval_of(payload: &[u8]) -> Option<i32> {
        read_u32(payload, Self::RETVAL?).map(u32::cast_signed)
    }
}

/// A message that VPP sends to clients that have subscribed.
pub trait Event: Message {
    /// The offset of `pid` in the payload, or `None` if the event has no such field. VPP copies it
    /// from the request for the events.
    const PID: Option<usize> = None;
}

/// A request that enables and disables events.
pub trait Subscribe: Request {
    /// The event.
    type Event: Event;

    /// The fields in both request and event that select the events: the offset in the payload of
    /// the request, the offset in the payload of the event, and the size.
    ///
    /// If all bits of a field in the request are set, it selects every event. `pid` is not
    /// included.
    const FILTER: &'static [(usize, usize, usize)] = &[];

    /// Enables or disables the events. VPP copies `pid`, the process ID, into each event.
    fn set_enabled(&mut self, on: bool, pid: u32);
}

/// Appends the payload of `message` to `out`: message id, header, fields.
///
/// # Errors
/// If a field cannot be encoded. `out` is then unchanged.
#[inline]
pub fn encode_payload<M: Message>(
    message: &M,
    id: u16,
    header: Header,
    out: &mut Vec<u8>,
) -> Result<(), EncodeError> {
    let start = out.len();
    out.extend_from_slice(&id.to_be_bytes());
    out.resize(start + M::LAYOUT.body, 0);
    if let Err(error) = message.encode(&mut Writer::new(out)) {
        out.truncate(start);
        return Err(error.in_message(M::NAME));
    }
    let payload = &mut out[start..];
    for (at, value) in [
        (M::LAYOUT.client_index, header.client_index),
        (M::LAYOUT.context, header.context),
    ] {
        // Generated layouts are within the message. Other offsets are ignored.
        if let Some(place) = at.and_then(|at| payload.get_mut(at..at + 4)) {
            place.copy_from_slice(&value.to_be_bytes());
        }
    }
    Ok(())
}

/// Decodes a payload as an `M`. Ignores the message id and bytes after the last field, like
/// VPP's own clients.
///
/// # Errors
/// If the payload is too short or a field is invalid. The error names message, field and
/// offset.
#[inline]
pub fn decode_payload<M: Message>(payload: &[u8]) -> Result<(Header, M), DecodeError> {
    if payload.len() < M::LAYOUT.body + M::MIN_SIZE {
        return decode_short(payload);
    }
    // The length was checked, so the compiler can omit the checks of the fields.
    decode_checked(payload)
}

/// Decodes a payload that is too short. Separate to keep the common path small.
#[cold]
#[inline(never)]
fn decode_short<M: Message>(payload: &[u8]) -> Result<(Header, M), DecodeError> {
    decode_checked(payload)
}

#[inline(always)]
fn decode_checked<M: Message>(payload: &[u8]) -> Result<(Header, M), DecodeError> {
    let mut from = Reader::new(payload);
    let message = from
        .bytes(M::LAYOUT.body)
        .and_then(|_| M::decode(&mut from))
        .map_err(|error| error.in_message(M::NAME))?;
    let at = |at: Option<usize>| match at {
        None => Ok(0),
        Some(at) => read_u32(payload, at).ok_or_else(|| {
            let remaining = payload.len().saturating_sub(at);
            let needed = 4;
            DecodeError::new(at, DecodeErrorKind::TooShort { needed, remaining })
                .in_message(M::NAME)
        }),
    };
    let header = Header {
        client_index: at(M::LAYOUT.client_index)?,
        context: at(M::LAYOUT.context)?,
    };
    Ok((header, message))
}

use std::fmt::Debug;

use crate::{DecodeError, DecodeErrorKind, EncodeError, Reader, Wire, Writer};

/// A message of VPP's API: its fields, without message id, `client_index` and `context`.
///
/// The codec of the fields is [`Wire`]; [`encode_payload`] and [`decode_payload`]
/// add the header where [`Message::LAYOUT`] says.
pub trait Message: Wire + Clone + Debug + Send + Sync + 'static {
    /// The API name, for example `memif_create_v2`.
    const NAME: &'static str;
    /// The CRC of the definition; definitions with the same CRC have the same layout.
    const CRC: u32;
    /// The key in VPP's message table: name, `_`, CRC in 8 hex digits.
    const KEY: &'static str;
    /// Where `client_index` and `context` are.
    const LAYOUT: Layout;
}

/// Where `client_index` and `context` are in a payload, and where the fields begin.
///
/// Offsets count from the message id at 0. A field of the header that is among
/// the message's own fields is written as zero by [`Wire::encode`], skipped by
/// [`Wire::decode`], and set here.
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
    /// `context` alone: replies and details, and `sockclnt_create`.
    pub const REPLY: Self = Self {
        client_index: None,
        context: Some(2),
        body: 6,
    };
    /// `client_index` alone: events.
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

    /// The context in a payload, if this layout has one and the payload reaches that far.
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

/// The values that every message carries beside its fields; 0 if its layout has no place
/// for them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Header {
    /// The client: `sockclnt_create_reply.index`.
    pub client_index: u32,
    /// The number of the call, chosen by the client and echoed by VPP.
    pub context: u32,
}

/// A message that gets exactly one reply.
pub trait Request: Message {
    /// The reply.
    type Reply: Reply;
}

/// A message that gets any number of details and nothing that ends them: send
/// `control_ping` after it.
pub trait Dump: Message {
    /// One item of the dump.
    type Details: Message;

    /// The key of a reply that VPP sends among the details although no service names it
    /// (`mactime_dump`). Ignore it.
    const STRAY_REPLY: Option<&'static str> = None;
}

/// A message that gets details, then a reply that ends them or has the cursor to continue
/// from.
pub trait Get: Message {
    /// One item.
    type Details: Message;
    /// The reply that follows the items.
    type Reply: Reply;

    /// Asks for the items from `cursor` on. Does nothing if the request has no cursor.
    fn set_cursor(&mut self, cursor: u32) {
        let _ = cursor;
    }

    /// The cursor to continue from, if the reply has one.
    fn next_cursor(reply: &Self::Reply) -> Option<u32> {
        let _ = reply;
        None
    }
}

/// A message without a reply.
pub trait OneWay: Message {}

/// The end of a call.
pub trait Reply: Message {
    /// The offset of `retval` in the payload, counted from the message id.
    ///
    /// `None` if the reply has no `retval`, or if its offset differs from payload to
    /// payload because a field of variable size precedes it.
    const RETVAL: Option<usize> = None;

    /// VPP's result: 0, or the negative number of a [`VppError`](crate::VppError).
    ///
    /// 0 for the replies that have no `retval`.
    fn retval(&self) -> i32 {
        0
    }

    /// The `retval` in a payload that need not decode.
    ///
    /// If VPP refuses a request, it may leave the fields after `retval` unset or cut
    /// them off, so that [`decode_payload`] fails on the reply. `None` if
    /// [`Self::RETVAL`] is `None` or the payload ends before it.
    #[must_use]
    #[inline]
    fn retval_of(payload: &[u8]) -> Option<i32> {
        read_u32(payload, Self::RETVAL?).map(u32::cast_signed)
    }
}

/// A message that VPP sends to clients that have subscribed.
pub trait Event: Message {
    /// The offset in the payload of `pid`, in which VPP echoes that of the request for these
    /// events; `None` if the event has no such field.
    const PID: Option<usize> = None;
}

/// A request that enables and disables events.
pub trait Subscribe: Request {
    /// The event.
    type Event: Event;

    /// The fields that request and event share, by which the request selects events: their
    /// offsets in the payload of the request and of the event, and their size.
    ///
    /// A field of the request in which all bits are set selects every event. `pid` is not one
    /// of them.
    const FILTER: &'static [(usize, usize, usize)] = &[];

    /// Enables or disables the events. VPP echoes `pid`, the process ID, in each event.
    fn set_enabled(&mut self, on: bool, pid: u32);
}

/// Appends the payload of `message` to `out`: message id, header, fields.
///
/// # Errors
/// If a field does not fit; `out` is then unchanged.
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
        // Generated layouts are within the message; an offset beyond it is ignored.
        if let Some(place) = at.and_then(|at| payload.get_mut(at..at + 4)) {
            place.copy_from_slice(&value.to_be_bytes());
        }
    }
    Ok(())
}

/// Decodes a payload as an `M`. Ignores the message id and bytes after the last field, as
/// VPP's own clients do.
///
/// # Errors
/// If the payload is too short or a field is invalid; the error names message, field and
/// offset.
#[inline]
pub fn decode_payload<M: Message>(payload: &[u8]) -> Result<(Header, M), DecodeError> {
    if payload.len() < M::LAYOUT.body + M::MIN_SIZE {
        return decode_short(payload);
    }
    // Now that the length suffices, the compiler drops the checks of the fields.
    decode_checked(payload)
}

/// Separate, so that the path of complete payloads stays small.
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

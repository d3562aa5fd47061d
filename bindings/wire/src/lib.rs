//! Codec, framing and message traits of VPP's binary API.
//!
//! This crate does no I/O and knows no generated message. Code made by
//! `vpp-codegen` implements its traits; `vpp-client` and servers that play VPP
//! move the bytes.
//!
//! ```
//! use vpp_wire::bootstrap::ControlPing;
//! use vpp_wire::{Header, Message, decode_payload, frame};
//!
//! // One frame: a 16-byte socket header, then the payload with its message id.
//! let mut out = Vec::new();
//! let header = Header { client_index: 0x8000_0001, context: 7 };
//! frame::encode(&ControlPing {}, 23, header, frame::MAX_PAYLOAD, &mut out)?;
//!
//! let found = frame::split(&out, frame::MAX_PAYLOAD)?.expect("a whole frame was written");
//! let (header, ping) = decode_payload::<ControlPing>(found.payload)?;
//! assert_eq!((header.context, ping), (7, ControlPing {}));
//! assert_eq!(ControlPing::KEY, "control_ping_51077d14");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! | module | what it holds |
//! |---|---|
//! | [`Wire`], [`Writer`], [`Reader`] | one value to and from bytes |
//! | [`Message`], [`Request`], [`Dump`], [`Get`], [`Event`], [`Subscribe`] | what a message is and what answers it |
//! | [`mod@frame`] | the socket header |
//! | [`bootstrap`] | the handshake's frozen messages, written by hand |
//! | [`VppError`] | VPP's error numbers with symbol and meaning |
//! | [`registry`] | any payload to a value, by `name_crc` |
//! | `json` (feature `serde`) | VPP's own JSON convention |

pub mod bootstrap;
mod enums;
mod error;
pub mod frame;
#[cfg(feature = "serde")]
pub mod json;
mod message;
pub mod net;
mod reader;
pub mod registry;
mod scalars;
mod string;
mod vpp_error;
mod writer;

pub use enums::OpenEnum;
pub use error::{DecodeError, DecodeErrorKind, EncodeError, FieldContext};
pub use message::{
    Dump, Event, Get, Header, Layout, Message, OneWay, Reply, Request, Subscribe, decode_payload,
    encode_payload,
};
pub use reader::Reader;
pub use string::{FixedString, StringTooLong, VarString};
pub use vpp_error::VppError;
pub use writer::Writer;

pub use bitflags;
pub use ipnet;
#[cfg(feature = "serde")]
pub use serde;

/// The contract between generated code and this crate.
///
/// Generated modules name the version they were made for, so that code made by
/// another `vpp-codegen` fails to compile instead of failing on the wire.
pub const ABI: u32 = 2;

/// A value with a place in a message: a scalar, a type, an enum, a union, or the
/// fields of a message behind its header.
///
/// Everything is packed; integers are big endian, floats little endian (VPP sends
/// them in its host's order and runs on little-endian hosts only; see
/// `src/vlibapi/api_types.h`).
pub trait Wire: Sized {
    /// The least number of bytes that a value can take.
    ///
    /// Counts read from the wire are checked with it before anything is allocated.
    const MIN_SIZE: usize;

    /// Appends the value.
    ///
    /// # Errors
    /// When a count or length does not fit its field.
    fn encode(&self, out: &mut Writer<'_>) -> Result<(), EncodeError>;

    /// Reads one value.
    ///
    /// # Errors
    /// When bytes are missing or are not a value of this type.
    fn decode(from: &mut Reader<'_>) -> Result<Self, DecodeError>;

    /// Appends the values of a slice; a type that is plain bytes does it in one copy.
    ///
    /// # Errors
    /// As [`Wire::encode`].
    #[doc(hidden)]
    #[inline]
    fn encode_all(items: &[Self], out: &mut Writer<'_>) -> Result<(), EncodeError> {
        items.iter().try_for_each(|item| item.encode(out))
    }

    /// Reads `count` values; the caller has checked that the bytes can be there.
    ///
    /// # Errors
    /// As [`Wire::decode`].
    #[doc(hidden)]
    #[inline]
    fn decode_all(count: usize, from: &mut Reader<'_>) -> Result<Vec<Self>, DecodeError> {
        let mut items = Vec::with_capacity(count);
        for _ in 0..count {
            items.push(Self::decode(from)?);
        }
        Ok(items)
    }
}

/// The bytes of a union, seen as one of its arms.
#[doc(hidden)]
pub mod union {
    use crate::{Reader, Wire, Writer};

    /// The arm's value; there always is one, as an arm is never larger than its union.
    #[must_use]
    pub fn get<T: Wire>(bytes: &[u8]) -> Option<T> {
        T::decode(&mut Reader::new(bytes)).ok()
    }

    /// Puts an arm's value over the front of the union.
    pub fn put<T: Wire>(value: &T, bytes: &mut [u8]) {
        let mut arm = Vec::with_capacity(T::MIN_SIZE);
        // An arm has a fixed size, so that nothing in it can be counted or refused.
        if value.encode(&mut Writer::new(&mut arm)).is_ok() {
            let size = arm.len().min(bytes.len());
            bytes[..size].copy_from_slice(&arm[..size]);
        }
    }
}

#[doc(hidden)]
pub mod __private {
    pub use crate::enums::write_enum;
}

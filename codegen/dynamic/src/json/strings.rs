//! Reads strings: from text, or from an array of bytes.

use std::fmt;

use serde::de::{Deserializer, Error as _, IgnoredAny, SeqAccess, Visitor};

use super::super::context::Context;
use super::{any, too_large};

/// Reads the bytes of a `string name[length]`.
pub fn fixed<'de, D: Deserializer<'de>>(
    context: &Context<'_>,
    length: u64,
    from: D,
) -> Result<Vec<u8>, D::Error> {
    if !context.spend(length) {
        return Err(too_large());
    }
    any(from, FixedStringVisitor(length))
}

struct FixedStringVisitor(u64);

impl<'de> Visitor<'de> for FixedStringVisitor {
    type Value = Vec<u8>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let length = self.0;
        write!(
            f,
            "text of at most {length} bytes, or {length} bytes as numbers"
        )
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Vec<u8>, E> {
        let length = usize::try_from(self.0).unwrap_or(usize::MAX);
        let mut bytes = text.as_bytes().to_vec();
        // On the wire, text can fill its field. Only `FixedString::new` requires a NUL.
        if bytes.len() == length {
            return Ok(bytes);
        }
        if bytes.contains(&0) {
            return Err(E::custom(format_args!(
                "{text:?} contains a NUL, where VPP would end it"
            )));
        }
        let room = length.saturating_sub(1);
        if bytes.len() > room {
            return Err(E::custom(format_args!(
                "{text:?} is too long: {} bytes, the field takes at most {room}",
                text.len()
            )));
        }
        bytes.resize(length, 0);
        Ok(bytes)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Vec<u8>, A::Error> {
        let length = usize::try_from(self.0).unwrap_or(usize::MAX);
        let mut bytes = Vec::new();
        while bytes.len() < length {
            let byte = seq.next_element()?;
            bytes.push(byte.ok_or_else(|| A::Error::invalid_length(bytes.len(), &self))?);
        }
        match seq.next_element::<IgnoredAny>()? {
            None => Ok(bytes),
            Some(_) => Err(A::Error::invalid_length(length.saturating_add(1), &self)),
        }
    }
}

/// Reads the bytes of a `string name[]`.
pub fn variable<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<u8>, D::Error> {
    any(from, VarStringVisitor)
}

struct VarStringVisitor;

impl<'de> Visitor<'de> for VarStringVisitor {
    type Value = Vec<u8>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("text, or bytes as numbers")
    }

    fn visit_str<E>(self, text: &str) -> Result<Vec<u8>, E> {
        Ok(text.as_bytes().to_vec())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Vec<u8>, A::Error> {
        let mut bytes = Vec::new();
        while let Some(byte) = seq.next_element()? {
            bytes.push(byte);
        }
        Ok(bytes)
    }
}

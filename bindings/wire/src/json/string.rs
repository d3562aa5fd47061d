use std::fmt;

use serde::de::{Error as _, IgnoredAny, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::FixedString;

/// Text; the bytes as numbers where they are not UTF-8 or go on behind the NUL.
impl<const N: usize> Serialize for FixedString<N> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let whole = self.to_bytes();
        let (text, rest) = whole.split_at(self.as_bytes().len());
        match std::str::from_utf8(text) {
            Ok(text) if rest.iter().all(|byte| *byte == 0) => to.serialize_str(text),
            _ => to.collect_seq(whole),
        }
    }
}

impl<'de, const N: usize> Deserialize<'de> for FixedString<N> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct TextVisitor<const N: usize>;

        impl<'de, const N: usize> Visitor<'de> for TextVisitor<N> {
            type Value = FixedString<N>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "text of at most {N} bytes, or {N} bytes as numbers")
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Self::Value, E> {
                // On the wire a text may fill its field; only our own callers leave the NUL.
                match <[u8; N]>::try_from(text.as_bytes()) {
                    Ok(full) => Ok(FixedString::from_bytes(full)),
                    Err(_) => FixedString::new(text).map_err(E::custom),
                }
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
                let mut bytes = [0; N];
                for (at, byte) in bytes.iter_mut().enumerate() {
                    *byte = seq
                        .next_element()?
                        .ok_or_else(|| A::Error::invalid_length(at, &self))?;
                }
                match seq.next_element::<IgnoredAny>()? {
                    None => Ok(FixedString::from_bytes(bytes)),
                    Some(_) => Err(A::Error::invalid_length(N + 1, &self)),
                }
            }
        }

        from.deserialize_any(TextVisitor::<N>)
    }
}

use std::fmt;

use serde::de::{Error as _, IgnoredAny, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::{FixedString, VarString};

/// Writes text, or all bytes as numbers if they are not UTF-8 or bytes other than NUL follow a NUL.
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
                // On the wire, text may fill the whole field. Only `new` requires a NUL.
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

/// Writes text, or the bytes as numbers if they are not UTF-8.
impl Serialize for VarString {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self.as_str() {
            Ok(text) => to.serialize_str(text),
            Err(_) => to.collect_seq(self.as_bytes()),
        }
    }
}

impl<'de> Deserialize<'de> for VarString {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct TextVisitor;

        impl<'de> Visitor<'de> for TextVisitor {
            type Value = VarString;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("text, or bytes as numbers")
            }

            fn visit_str<E>(self, text: &str) -> Result<VarString, E> {
                Ok(VarString::from(text))
            }

            fn visit_string<E>(self, text: String) -> Result<VarString, E> {
                Ok(VarString::from(text))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<VarString, A::Error> {
                let mut bytes = Vec::new();
                while let Some(byte) = seq.next_element::<u8>()? {
                    bytes.push(byte);
                }
                Ok(VarString::from(bytes))
            }
        }

        from.deserialize_any(TextVisitor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn round_trip<T>(value: &T, json: &str)
    where
        T: Serialize + for<'de> Deserialize<'de> + PartialEq + fmt::Debug,
    {
        assert_eq!(serde_json::to_string(value).unwrap(), json);
        assert_eq!(serde_json::from_str::<T>(json).unwrap(), *value);
    }

    #[test]
    fn text_is_a_json_string() {
        round_trip(&VarString::from("Gr\u{fc}\0e"), "\"Gr\u{fc}\\u0000e\"");
        round_trip(
            &FixedString::<6>::new("Gr\u{fc}e").unwrap(),
            "\"Gr\u{fc}e\"",
        );
    }

    #[test]
    fn bytes_that_are_not_utf8_round_trip() {
        round_trip(&VarString::new(*b"a\xff"), "[97,255]");
        round_trip(&FixedString::from_bytes(*b"a\xff\0\0"), "[97,255,0,0]");
    }

    #[test]
    fn numbers_out_of_range_are_errors() {
        for json in ["[256]", "[-1]", "[\"a\"]", "7", "null"] {
            assert!(serde_json::from_str::<VarString>(json).is_err(), "{json}");
        }
    }
}

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Bytes that are `"0x…"` in JSON.
#[doc(hidden)]
#[derive(Debug)]
pub struct Hex<T>(pub T);

impl<T: AsRef<[u8]>> Serialize for Hex<T> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        let bytes = self.0.as_ref();
        let mut text = String::with_capacity(2 + 2 * bytes.len());
        text.push_str("0x");
        for byte in bytes {
            text.push(char::from(DIGITS[usize::from(byte >> 4)]));
            text.push(char::from(DIGITS[usize::from(byte & 15)]));
        }
        to.serialize_str(&text)
    }
}

impl<'de, T: TryFrom<Vec<u8>>> Deserialize<'de> for Hex<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(from)?;
        let bytes = bytes_of_hex(&text).ok_or_else(|| {
            D::Error::custom(format_args!(
                "{text:?} is not 0x followed by pairs of hex digits"
            ))
        })?;
        let found = bytes.len();
        T::try_from(bytes).map(Hex).map_err(|_| {
            let size = size_of::<T>();
            D::Error::custom(format_args!("the field takes {size} bytes, found {found}"))
        })
    }
}

fn bytes_of_hex(text: &str) -> Option<Vec<u8>> {
    let digits = text.strip_prefix("0x")?.as_bytes();
    let digit = |byte: u8| {
        char::from(byte)
            .to_digit(16)
            .and_then(|d| u8::try_from(d).ok())
    };
    digits
        .chunks(2)
        .map(|pair| match *pair {
            [high, low] => Some(digit(high)? << 4 | digit(low)?),
            _ => None,
        })
        .collect()
}

/// A fixed array of any length. serde itself supports at most 32 elements.
#[doc(hidden)]
#[derive(Debug)]
pub struct List<T>(pub T);

impl<T: Serialize, const N: usize> Serialize for List<&[T; N]> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_seq(self.0)
    }
}

impl<'de, T: Deserialize<'de>, const N: usize> Deserialize<'de> for List<[T; N]> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let items = Vec::<T>::deserialize(from)?;
        <[T; N]>::try_from(items).map(List).map_err(|items| {
            let found = items.len();
            D::Error::custom(format_args!("the field takes {N} elements, found {found}"))
        })
    }
}

/// Implements serde's traits for a newtype by delegating to the inner value.
#[doc(hidden)]
#[macro_export]
macro_rules! impl_json_transparent {
    ($name:ident) => {
        $crate::impl_json_transparent!($name, |inner| inner, |inner| inner);
    };
    ($name:ident, Hex) => {
        $crate::impl_json_transparent!($name, |bytes| &$crate::json::Hex(bytes), |hex| {
            let $crate::json::Hex(bytes) = hex;
            bytes
        });
    };
    ($name:ident, List) => {
        $crate::impl_json_transparent!($name, |items| &$crate::json::List(items), |list| {
            let $crate::json::List(items) = list;
            items
        });
    };
    ($name:ident, |$out:ident| $write:expr, |$in:ident| $read:expr) => {
        impl $crate::serde::Serialize for $name {
            fn serialize<S: $crate::serde::Serializer>(
                &self,
                to: S,
            ) -> ::core::result::Result<S::Ok, S::Error> {
                let $out = &self.0;
                $crate::serde::Serialize::serialize($write, to)
            }
        }

        impl<'de> $crate::serde::Deserialize<'de> for $name {
            fn deserialize<D: $crate::serde::Deserializer<'de>>(
                from: D,
            ) -> ::core::result::Result<Self, D::Error> {
                let $in = $crate::serde::Deserialize::deserialize(from)?;
                ::core::result::Result::Ok(Self($read))
            }
        }
    };
}

//! VPP's own JSON convention, as its API traces and vat2 have it.
//!
//! Structs and messages are objects by API field name, messages with `_msgname`
//! and `_crc` before; counts of variable arrays are present. Enums are the
//! enumerator's name (a number where there is none), enumflags an array of names,
//! `u8` arrays `"0x…"`, addresses text, unions an object with every arm.
//!
//! Reading takes defaults for absent fields, refuses unknown ones, and checks
//! `_msgname`, `_crc` and counts where they are present.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{DeserializeOwned, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::ser::{SerializeMap, SerializeSeq};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::registry::AnyMessage;
use crate::{FixedString, Message, OpenEnum};

/// A generated struct or message, field by field.
#[doc(hidden)]
pub trait Fields: Default {
    /// API names of all fields but counts.
    const FIELDS: &'static [&'static str];
    /// API names of the count fields.
    const COUNTS: &'static [&'static str] = &[];
    /// `_msgname` and `_crc`, for a message.
    const MESSAGE: Option<(&'static str, u32)> = None;

    /// Writes every field and count in API order.
    fn write<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error>;

    /// Reads the value of one of `FIELDS`.
    fn read<'de, A: MapAccess<'de>>(&mut self, field: &str, map: &mut A) -> Result<(), A::Error>;

    /// The number that a field of `COUNTS` stands for.
    fn count(&self, field: &str) -> usize {
        let _ = field;
        0
    }
}

/// The object of a struct or message.
#[doc(hidden)]
pub fn write<T: Fields, S: Serializer>(value: &T, to: S) -> Result<S::Ok, S::Error> {
    let mut map = to.serialize_map(None)?;
    if let Some((name, crc)) = T::MESSAGE {
        map.serialize_entry("_msgname", name)?;
        map.serialize_entry("_crc", &format_args!("{crc:08x}"))?;
    }
    value.write(&mut map)?;
    map.end()
}

/// A struct or message from its object.
#[doc(hidden)]
pub fn read<'de, T: Fields, D: Deserializer<'de>>(from: D) -> Result<T, D::Error> {
    from.deserialize_map(FieldsVisitor(PhantomData))
}

struct FieldsVisitor<T>(PhantomData<T>);

impl<'de, T: Fields> Visitor<'de> for FieldsVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match T::MESSAGE {
            Some((name, _)) => write!(f, "the object of message {name}"),
            None => write!(f, "an object with fields {}", T::FIELDS.join(", ")),
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<T, A::Error> {
        let mut value = T::default();
        let mut counts = Vec::new();
        while let Some(key) = map.next_key::<String>()? {
            if let Some(field) = T::FIELDS.iter().find(|field| **field == key) {
                value.read(field, &mut map)?;
            } else if let Some(count) = T::COUNTS.iter().find(|count| **count == key) {
                counts.push((*count, map.next_value::<u64>()?));
            } else {
                read_meta::<T, A>(&key, &mut map)?;
            }
        }
        for (name, stated) in counts {
            let found = value.count(name);
            if stated != found as u64 {
                return Err(A::Error::custom(format_args!(
                    "{name} is {stated}, but its array has {found} elements"
                )));
            }
        }
        Ok(value)
    }
}

/// The error for a key that is no field; what is known is named.
#[doc(hidden)]
pub fn unknown<T: Fields, E: serde::de::Error>(key: &str) -> E {
    E::unknown_field(key, T::FIELDS)
}

fn read_meta<'de, T: Fields, A: MapAccess<'de>>(key: &str, map: &mut A) -> Result<(), A::Error> {
    let Some((name, crc)) = T::MESSAGE else {
        return Err(unknown::<T, _>(key));
    };
    let (stated, expected) = match key {
        "_msgname" => (map.next_value::<String>()?, name.to_owned()),
        "_crc" => {
            let stated = map.next_value::<String>()?;
            let digits = stated.trim_start_matches("0x").to_owned();
            (digits, format!("{crc:08x}"))
        }
        _ => return Err(unknown::<T, _>(key)),
    };
    if stated != expected {
        return Err(A::Error::custom(format_args!(
            "{key} is {stated}, but the message is {name} with CRC {crc:08x}"
        )));
    }
    Ok(())
}

/// serde for a generated struct or message that has [`Fields`].
#[doc(hidden)]
#[macro_export]
macro_rules! json_fields {
    ($name:ident) => {
        impl $crate::serde::Serialize for $name {
            fn serialize<S: $crate::serde::Serializer>(
                &self,
                to: S,
            ) -> ::core::result::Result<S::Ok, S::Error> {
                $crate::json::write(self, to)
            }
        }

        impl<'de> $crate::serde::Deserialize<'de> for $name {
            fn deserialize<D: $crate::serde::Deserializer<'de>>(
                from: D,
            ) -> ::core::result::Result<Self, D::Error> {
                $crate::json::read(from)
            }
        }
    };
}

/// serde as text, for addresses; what has no text is the object of [`Fields`].
#[doc(hidden)]
#[macro_export]
macro_rules! json_text {
    ($name:ident) => {
        impl $crate::serde::Serialize for $name {
            fn serialize<S: $crate::serde::Serializer>(
                &self,
                to: S,
            ) -> ::core::result::Result<S::Ok, S::Error> {
                to.collect_str(self)
            }
        }

        impl<'de> $crate::serde::Deserialize<'de> for $name {
            fn deserialize<D: $crate::serde::Deserializer<'de>>(
                from: D,
            ) -> ::core::result::Result<Self, D::Error> {
                $crate::json::read_text(from)
            }
        }
    };
    ($name:ident, $standard:ty) => {
        impl $crate::serde::Serialize for $name {
            fn serialize<S: $crate::serde::Serializer>(
                &self,
                to: S,
            ) -> ::core::result::Result<S::Ok, S::Error> {
                // Text only where the text says all: no odd family, no stray bytes.
                match <$standard>::try_from(*self) {
                    Ok(standard) if Self::from(standard) == *self => to.collect_str(self),
                    _ => $crate::json::write(self, to),
                }
            }
        }

        impl<'de> $crate::serde::Deserialize<'de> for $name {
            fn deserialize<D: $crate::serde::Deserializer<'de>>(
                from: D,
            ) -> ::core::result::Result<Self, D::Error> {
                $crate::json::read_text_or_fields(from)
            }
        }
    };
}

/// serde for a newtype, as what it holds.
#[doc(hidden)]
#[macro_export]
macro_rules! json_transparent {
    ($name:ident) => {
        $crate::json_transparent!($name, |inner| inner, |inner| inner);
    };
    ($name:ident, Hex) => {
        $crate::json_transparent!($name, |bytes| &$crate::json::Hex(bytes), |hex| {
            let $crate::json::Hex(bytes) = hex;
            bytes
        });
    };
    ($name:ident, List) => {
        $crate::json_transparent!($name, |items| &$crate::json::List(items), |list| {
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

/// serde for a generated enum, by name.
#[doc(hidden)]
#[macro_export]
macro_rules! json_enum {
    ($name:ident) => {
        impl $crate::serde::Serialize for $name {
            fn serialize<S: $crate::serde::Serializer>(
                &self,
                to: S,
            ) -> ::core::result::Result<S::Ok, S::Error> {
                $crate::json::write_enum(*self, to)
            }
        }

        impl<'de> $crate::serde::Deserialize<'de> for $name {
            fn deserialize<D: $crate::serde::Deserializer<'de>>(
                from: D,
            ) -> ::core::result::Result<Self, D::Error> {
                $crate::json::read_enum(from)
            }
        }
    };
}

/// serde for a generated flag set, as an array of names.
#[doc(hidden)]
#[macro_export]
macro_rules! json_flags {
    ($name:ident, [$($constant:ident = $api:literal),* $(,)?]) => {
        impl $crate::json::FlagNames for $name {
            const NAMES: &'static [(&'static str, Self)] = &[$(($api, Self::$constant)),*];
        }

        impl $crate::serde::Serialize for $name {
            fn serialize<S: $crate::serde::Serializer>(
                &self,
                to: S,
            ) -> ::core::result::Result<S::Ok, S::Error> {
                $crate::json::write_flags(*self, to)
            }
        }

        impl<'de> $crate::serde::Deserialize<'de> for $name {
            fn deserialize<D: $crate::serde::Deserializer<'de>>(
                from: D,
            ) -> ::core::result::Result<Self, D::Error> {
                $crate::json::read_flags(from)
            }
        }
    };
}

/// Reads text by `FromStr`.
#[doc(hidden)]
pub fn read_text<'de, T, D>(from: D) -> Result<T, D::Error>
where
    T: std::str::FromStr<Err: fmt::Display>,
    D: Deserializer<'de>,
{
    let text = std::borrow::Cow::<str>::deserialize(from)?;
    text.parse().map_err(D::Error::custom)
}

/// Reads text by `FromStr`, or the object of [`Fields`].
#[doc(hidden)]
pub fn read_text_or_fields<'de, T, D>(from: D) -> Result<T, D::Error>
where
    T: Fields + std::str::FromStr<Err: fmt::Display>,
    D: Deserializer<'de>,
{
    struct TextOrFields<T>(PhantomData<T>);

    impl<'de, T: Fields + std::str::FromStr<Err: fmt::Display>> Visitor<'de> for TextOrFields<T> {
        type Value = T;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            write!(f, "text, or an object with fields {}", T::FIELDS.join(", "))
        }

        fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<T, E> {
            text.parse().map_err(E::custom)
        }

        fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
            FieldsVisitor(PhantomData).visit_map(map)
        }
    }

    from.deserialize_any(TextOrFields(PhantomData))
}

/// The name of an enum's value, or its number.
#[doc(hidden)]
pub fn write_enum<E: OpenEnum, S: Serializer>(value: E, to: S) -> Result<S::Ok, S::Error> {
    match value.name() {
        Some(name) => to.serialize_str(name),
        None => write_number(value.number().into(), to),
    }
}

fn write_number<S: Serializer>(number: i128, to: S) -> Result<S::Ok, S::Error> {
    match (u64::try_from(number), i64::try_from(number)) {
        (Ok(unsigned), _) => to.serialize_u64(unsigned),
        (_, Ok(signed)) => to.serialize_i64(signed),
        _ => to.serialize_i128(number),
    }
}

/// An enum's value from its name or its number.
#[doc(hidden)]
pub fn read_enum<'de, E: OpenEnum, D: Deserializer<'de>>(from: D) -> Result<E, D::Error> {
    match NameOrNumber::deserialize(from)? {
        NameOrNumber::Name(name) => E::from_name(&name).ok_or_else(|| {
            let known: Vec<_> = E::NAMES.iter().map(|(name, _)| *name).collect();
            D::Error::custom(format_args!(
                "{name:?} is none of {} and no number",
                known.join(", ")
            ))
        }),
        NameOrNumber::Number(number) => E::Number::try_from(number)
            .map(E::from_number)
            .map_err(|_| D::Error::custom(format_args!("{number} does not fit the enum"))),
    }
}

enum NameOrNumber {
    Name(String),
    Number(i128),
}

impl<'de> Deserialize<'de> for NameOrNumber {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct NameOrNumberVisitor;

        impl Visitor<'_> for NameOrNumberVisitor {
            type Value = NameOrNumber;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a name or a number")
            }

            fn visit_str<E>(self, name: &str) -> Result<NameOrNumber, E> {
                Ok(NameOrNumber::Name(name.to_owned()))
            }

            fn visit_u64<E>(self, number: u64) -> Result<NameOrNumber, E> {
                Ok(NameOrNumber::Number(number.into()))
            }

            fn visit_i64<E>(self, number: i64) -> Result<NameOrNumber, E> {
                Ok(NameOrNumber::Number(number.into()))
            }
        }

        from.deserialize_any(NameOrNumberVisitor)
    }
}

/// A generated flag set with VPP's names.
#[doc(hidden)]
pub trait FlagNames:
    bitflags::Flags<Bits: Into<u64> + TryFrom<i128> + TryFrom<u64>> + Copy + 'static
{
    /// VPP's names, in the order of the API file.
    const NAMES: &'static [(&'static str, Self)];
}

/// The names of the bits that are set, then the rest as a number.
#[doc(hidden)]
pub fn write_flags<F: FlagNames, S: Serializer>(flags: F, to: S) -> Result<S::Ok, S::Error> {
    let mut seq = to.serialize_seq(None)?;
    let mut rest: u64 = flags.bits().into();
    for (name, value) in F::NAMES {
        let bits: u64 = value.bits().into();
        if bits != 0 && rest & bits == bits {
            seq.serialize_element(name)?;
            rest &= !bits;
        }
    }
    if rest != 0 {
        seq.serialize_element(&rest)?;
    }
    seq.end()
}

/// A flag set from names and numbers, or one of either.
#[doc(hidden)]
pub fn read_flags<'de, F: FlagNames, D: Deserializer<'de>>(from: D) -> Result<F, D::Error> {
    struct FlagsVisitor<F>(PhantomData<F>);

    impl<F: FlagNames> FlagsVisitor<F> {
        fn bits<E: serde::de::Error>(item: &NameOrNumber) -> Result<F, E> {
            match item {
                NameOrNumber::Name(name) => F::NAMES
                    .iter()
                    .find(|(known, _)| known == name)
                    .map(|(_, value)| *value)
                    .ok_or_else(|| E::custom(format_args!("{name:?} is no flag of this set"))),
                NameOrNumber::Number(number) => F::Bits::try_from(*number)
                    .map(F::from_bits_retain)
                    .map_err(|_| E::custom(format_args!("{number} does not fit the flags"))),
            }
        }
    }

    impl<'de, F: FlagNames> Visitor<'de> for FlagsVisitor<F> {
        type Value = F;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an array of flag names and numbers")
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<F, A::Error> {
            let mut flags = F::empty();
            while let Some(item) = seq.next_element()? {
                flags.insert(Self::bits(&item)?);
            }
            Ok(flags)
        }

        fn visit_str<E: serde::de::Error>(self, name: &str) -> Result<F, E> {
            Self::bits(&NameOrNumber::Name(name.to_owned()))
        }

        fn visit_u64<E: serde::de::Error>(self, number: u64) -> Result<F, E> {
            Self::bits(&NameOrNumber::Number(number.into()))
        }
    }

    from.deserialize_any(FlagsVisitor(PhantomData))
}

/// Bytes as `"0x…"`.
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
            D::Error::custom(format_args!("{text:?} is not 0x and pairs of hex digits"))
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

/// A fixed array of any length, which serde itself knows up to 32.
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

/// A payload that cannot be read, or a value that JSON cannot say.
pub type AnyError = Box<dyn std::error::Error + Send + Sync>;

/// JSON of a message whose type is known at run time only.
#[derive(Clone, Copy)]
pub struct Convert {
    /// Reads a payload and gives its JSON, fields in API order.
    pub from_payload: fn(&[u8]) -> Result<String, AnyError>,
    /// Reads JSON and gives the message.
    pub to_message: fn(&str) -> Result<Box<dyn AnyMessage>, serde_json::Error>,
}

impl Convert {
    pub(crate) const fn of<M: Message + Serialize + DeserializeOwned>() -> Self {
        Self {
            from_payload: |payload| {
                let (_, message) = crate::decode_payload::<M>(payload)?;
                Ok(serde_json::to_string(&message)?)
            },
            to_message: |json| {
                serde_json::from_str::<M>(json)
                    .map(|message| Box::new(message) as Box<dyn AnyMessage>)
            },
        }
    }
}

impl fmt::Debug for Convert {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Convert")
    }
}

use std::fmt;
use std::marker::PhantomData;

use serde::de::{Error as _, MapAccess, Visitor};
use serde::ser::SerializeMap;
use serde::{Deserializer, Serializer};

/// The fields of a generated struct or message.
#[doc(hidden)]
pub trait Fields: Default {
    /// The API names of all fields except counts.
    const FIELDS: &'static [&'static str];
    /// The API names of the count fields.
    const COUNTS: &'static [&'static str] = &[];
    /// `_msgname` and `_crc`, for a message.
    const MESSAGE: Option<(&'static str, u32)> = None;

    /// Writes every field and count in API order.
    fn write<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error>;

    /// Reads the value of one of `FIELDS`.
    fn read<'de, A: MapAccess<'de>>(&mut self, field: &str, map: &mut A) -> Result<(), A::Error>;

    /// The value of one of `COUNTS`.
    fn count(&self, field: &str) -> usize {
        let _ = field;
        0
    }
}

/// Writes a struct or message as an object.
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

/// Reads a struct or message from an object.
#[doc(hidden)]
pub fn read<'de, T: Fields, D: Deserializer<'de>>(from: D) -> Result<T, D::Error> {
    from.deserialize_map(FieldsVisitor(PhantomData))
}

pub(super) struct FieldsVisitor<T>(pub(super) PhantomData<T>);

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

/// The error for an unknown field. It lists the known fields.
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

/// Implements serde's traits for a generated struct or message that has [`Fields`].
#[doc(hidden)]
#[macro_export]
macro_rules! impl_json_fields {
    ($name:ident) => {
        $crate::impl_json_by!($name, $crate::json::write, $crate::json::read);
    };
}

use std::fmt;

use serde::de::{Error as _, Visitor};
use serde::{Deserialize, Deserializer, Serializer};

use crate::OpenEnum;

/// Writes the name of an enum's value, or its number if it has no name.
#[doc(hidden)]
pub fn write_enum<E: OpenEnum, S: Serializer>(value: &E, to: S) -> Result<S::Ok, S::Error> {
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

/// Reads an enum's value from its name or its number.
#[doc(hidden)]
pub fn read_enum<'de, E: OpenEnum, D: Deserializer<'de>>(from: D) -> Result<E, D::Error> {
    match NameOrNumber::deserialize(from)? {
        NameOrNumber::Name(name) => E::from_name(&name).ok_or_else(|| {
            let known: Vec<_> = E::NAMES.iter().map(|(name, _)| *name).collect();
            D::Error::custom(format_args!(
                "{name:?} is not one of {}, and not a number",
                known.join(", ")
            ))
        }),
        NameOrNumber::Number(number) => E::Number::try_from(number)
            .map(E::from_number)
            .map_err(|_| D::Error::custom(format_args!("{number} does not fit the enum"))),
    }
}

pub(super) enum NameOrNumber {
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

/// Implements serde's traits for a generated enum.
#[doc(hidden)]
#[macro_export]
macro_rules! impl_json_enum {
    ($name:ident) => {
        $crate::impl_json_by!($name, $crate::json::write_enum, $crate::json::read_enum);
    };
}

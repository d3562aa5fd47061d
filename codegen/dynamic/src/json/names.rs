//! Reads enumerators and flags by name or number.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error as _, SeqAccess, Visitor};

use vpp_definitions::model::Enum;

/// Reads the value of an enum from its name or number.
pub fn enumerator<'de, D: Deserializer<'de>>(definition: &Enum, from: D) -> Result<i128, D::Error> {
    match NameOrNumber::deserialize(from)? {
        NameOrNumber::Name(name) => value(definition, &name).ok_or_else(|| {
            let constants = definition.constants.iter();
            let known: Vec<_> = constants.map(|constant| constant.name.as_str()).collect();
            D::Error::custom(format_args!(
                "{name:?} is not one of {}, and not a number",
                known.join(", ")
            ))
        }),
        NameOrNumber::Number(number) if fits(definition, number) => Ok(number),
        NameOrNumber::Number(number) => Err(D::Error::custom(format_args!(
            "{number} does not fit the enum"
        ))),
    }
}

fn value(definition: &Enum, name: &str) -> Option<i128> {
    let mut constants = definition.constants.iter();
    let constant = constants.find(|constant| constant.name == name)?;
    Some(constant.value)
}

fn fits(definition: &Enum, number: i128) -> bool {
    let range = definition.wire.range();
    range.is_some_and(|range| range.contains(&number))
}

/// Reads a set of flags from an array of names and numbers, or from a single name or number.
pub fn flags<'de, D: Deserializer<'de>>(definition: &Enum, from: D) -> Result<i128, D::Error> {
    super::any(from, FlagsVisitor(definition))
}

struct FlagsVisitor<'a>(&'a Enum);

impl FlagsVisitor<'_> {
    fn bits<E: serde::de::Error>(&self, item: &NameOrNumber) -> Result<i128, E> {
        match item {
            NameOrNumber::Name(name) => value(self.0, name)
                .ok_or_else(|| E::custom(format_args!("{name:?} is not a flag of this set"))),
            NameOrNumber::Number(number) if fits(self.0, *number) => Ok(*number),
            NameOrNumber::Number(number) => {
                Err(E::custom(format_args!("{number} does not fit the flags")))
            }
        }
    }
}

impl<'de> Visitor<'de> for FlagsVisitor<'_> {
    type Value = i128;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array of flag names and numbers")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<i128, A::Error> {
        let mut bits = 0;
        while let Some(item) = seq.next_element()? {
            bits |= self.bits::<A::Error>(&item)?;
        }
        Ok(bits)
    }

    fn visit_str<E: serde::de::Error>(self, name: &str) -> Result<i128, E> {
        self.bits(&NameOrNumber::Name(name.to_owned()))
    }

    fn visit_u64<E: serde::de::Error>(self, number: u64) -> Result<i128, E> {
        self.bits(&NameOrNumber::Number(number.into()))
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

        super::any(from, NameOrNumberVisitor)
    }
}

//! The keys of the JSON object of a struct or message.

use serde::de::{Error as _, MapAccess};

use super::super::context::Context;
use vpp_definitions::model::{Field, Message, Role};

/// The fields of a struct or message.
#[derive(Clone, Copy)]
pub struct Fields<'a> {
    pub context: &'a Context<'a>,
    pub message: Option<&'a Message>,
    pub fields: &'a [Field],
}

impl<'a> Fields<'a> {
    /// Finds the value field `name` and its index.
    pub fn value(&self, name: &str) -> Option<(usize, &'a Field)> {
        let mut fields = self.fields.iter().enumerate();
        fields.find(|(_, field)| field.is_value() && field.name == name)
    }

    /// Finds the name of the count field `name` and the index of its array.
    pub fn count(&self, name: &str) -> Option<(&'a str, usize)> {
        self.fields.iter().find_map(|field| match &field.role {
            Role::Counts(arrays) if field.name == name => {
                Some((field.name.as_str(), *arrays.first()?))
            }
            _ => None,
        })
    }

    /// The names of the value fields.
    pub fn names(&self) -> impl Iterator<Item = &'a str> {
        names(self.fields)
    }

    /// Reads and checks `_msgname` and `_crc`. Other keys are unknown fields.
    pub fn read_meta<'de, A: MapAccess<'de>>(
        &self,
        key: &str,
        map: &mut A,
    ) -> Result<(), A::Error> {
        let Some(message) = self.message else {
            return Err(unknown_field(key, self.names()));
        };
        let (name, crc) = (&message.name, message.crc);
        let (stated, expected) = match key {
            "_msgname" => (map.next_value::<String>()?, name.clone()),
            "_crc" => {
                let stated = map.next_value::<String>()?;
                let digits = stated.trim_start_matches("0x").to_owned();
                (digits, format!("{crc:08x}"))
            }
            _ => return Err(unknown_field(key, self.names())),
        };
        if stated != expected {
            return Err(A::Error::custom(format_args!(
                "{key} is {stated}, but the message is {name} with CRC {crc:08x}"
            )));
        }
        Ok(())
    }
}

/// The names of the value fields.
pub fn names(fields: &[Field]) -> impl Iterator<Item = &str> {
    let values = fields.iter().filter(|field| field.is_value());
    values.map(|field| field.name.as_str())
}

/// Returns serde's error for an unknown field. serde's own function needs the field names at
/// compile time.
pub fn unknown_field<'a, E: serde::de::Error>(
    key: &str,
    names: impl Iterator<Item = &'a str>,
) -> E {
    let names: Vec<String> = names.map(|name| format!("`{name}`")).collect();
    let expected = match names.as_slice() {
        [] => "there are no fields".to_owned(),
        [one] => format!("expected {one}"),
        [one, other] => format!("expected {one} or {other}"),
        many => format!("expected one of {}", many.join(", ")),
    };
    E::custom(format_args!("unknown field `{key}`, {expected}"))
}

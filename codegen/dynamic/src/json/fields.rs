use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, Visitor};

use super::super::context::Context;
use super::super::value::Value;
use super::super::{default, encode};
use super::values::OfField;
use crate::special;
use vpp_definitions::model::{Field, Message, Role, Special};

/// A struct or message, of which the JSON may say any part.
#[derive(Clone, Copy)]
pub struct Fields<'a> {
    pub context: &'a Context<'a>,
    pub message: Option<&'a Message>,
    pub fields: &'a [Field],
}

impl<'a> Fields<'a> {
    /// Reads over what the fields are where the JSON does not say them.
    pub fn over(self, values: Vec<Value>) -> Object<'a> {
        Object {
            fields: self,
            special: Special::None,
            values: Some(values),
        }
    }

    /// Reads an object, or text where the type has one.
    pub fn or_text(self, special: Special) -> Object<'a> {
        Object {
            fields: self,
            special,
            values: None,
        }
    }

    fn value(&self, name: &str) -> Option<(usize, &'a Field)> {
        let mut fields = self.fields.iter().enumerate();
        fields.find(|(_, field)| field.is_value() && field.name == name)
    }

    fn count(&self, name: &str) -> Option<(&'a str, usize)> {
        self.fields.iter().find_map(|field| match &field.role {
            Role::Counts(arrays) if field.name == name => {
                Some((field.name.as_str(), *arrays.first()?))
            }
            _ => None,
        })
    }

    fn names(&self) -> impl Iterator<Item = &'a str> {
        names(self.fields)
    }

    fn read_meta<'de, A: MapAccess<'de>>(&self, key: &str, map: &mut A) -> Result<(), A::Error> {
        let Some(message) = self.message else {
            return Err(unknown(key, self.names()));
        };
        let (name, crc) = (&message.name, message.crc);
        let (stated, expected) = match key {
            "_msgname" => (map.next_value::<String>()?, name.clone()),
            "_crc" => {
                let stated = map.next_value::<String>()?;
                let digits = stated.trim_start_matches("0x").to_owned();
                (digits, format!("{crc:08x}"))
            }
            _ => return Err(unknown(key, self.names())),
        };
        if stated != expected {
            return Err(A::Error::custom(format_args!(
                "{key} is {stated}, but the message is {name} with CRC {crc:08x}"
            )));
        }
        Ok(())
    }
}

/// Reads the values of a struct or message.
pub struct Object<'a> {
    fields: Fields<'a>,
    special: Special,
    values: Option<Vec<Value>>,
}

impl<'de> DeserializeSeed<'de> for Object<'_> {
    type Value = Vec<Value>;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Self::Value, D::Error> {
        if self.special == Special::None {
            from.deserialize_map(self)
        } else {
            super::any(from, self)
        }
    }
}

impl<'de> Visitor<'de> for Object<'_> {
    type Value = Vec<Value>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(message) = self.fields.message {
            return write!(f, "the object of message {}", message.name);
        }
        let names: Vec<_> = self.fields.names().collect();
        let text = if self.special == Special::None {
            ""
        } else {
            "text, or "
        };
        write!(f, "{text}an object with fields {}", names.join(", "))
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Self::Value, E> {
        if self.special == Special::None {
            return Err(E::invalid_type(serde::de::Unexpected::Str(text), &self));
        }
        match special::parse(self.special, text) {
            Ok(Value::Fields(values)) => Ok(values),
            Ok(_) => Ok(Vec::new()),
            Err(expected) => Err(E::custom(format_args!("{text:?} is not {expected}"))),
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let Fields {
            context, fields, ..
        } = self.fields;
        let values = self.values.or_else(|| default::fields(context, fields));
        let mut values = values.ok_or_else(too_large)?;
        let mut counts = Vec::new();
        while let Some(key) = map.next_key::<String>()? {
            if let Some((place, field)) = self.fields.value(&key) {
                let value = map.next_value_seed(OfField { context, field });
                values[place] = value.inspect_err(|_| context.failed(&key))?;
            } else if let Some(count) = self.fields.count(&key) {
                let stated = map.next_value::<u64>();
                counts.push((count, stated.inspect_err(|_| context.failed(&key))?));
            } else {
                self.fields.read_meta(&key, &mut map)?;
            }
        }
        for ((name, array), stated) in counts {
            let found = values.get(array).map_or(0, Value::len);
            if stated != found as u64 {
                return Err(A::Error::custom(format_args!(
                    "{name} is {stated}, but its array has {found} elements"
                )));
            }
        }
        Ok(values)
    }
}

/// A union: of the arms that the JSON has, each is put over the bytes of those before.
pub struct Union<'a> {
    pub context: &'a Context<'a>,
    pub arms: &'a [Field],
    pub bytes: Vec<u8>,
}

impl<'de> DeserializeSeed<'de> for Union<'_> {
    type Value = Vec<u8>;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Vec<u8>, D::Error> {
        from.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Union<'_> {
    type Value = Vec<u8>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = names(self.arms).collect();
        write!(f, "an object with fields {}", names.join(", "))
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<Vec<u8>, A::Error> {
        let context = self.context;
        while let Some(key) = map.next_key::<String>()? {
            let Some(field) = self.arms.iter().find(|arm| arm.name == key) else {
                return Err(unknown(&key, names(self.arms)));
            };
            let value = map.next_value_seed(OfField { context, field });
            let value = value.inspect_err(|_| context.failed(&key))?;
            encode::arm(context, field, &value, &mut self.bytes);
        }
        Ok(self.bytes)
    }
}

fn names(fields: &[Field]) -> impl Iterator<Item = &str> {
    let values = fields.iter().filter(|field| field.is_value());
    values.map(|field| field.name.as_str())
}

/// serde's own words for a field that is not there, whose names it wants at compile time.
fn unknown<'a, E: serde::de::Error>(key: &str, names: impl Iterator<Item = &'a str>) -> E {
    let names: Vec<String> = names.map(|name| format!("`{name}`")).collect();
    let expected = match names.as_slice() {
        [] => "there are no fields".to_owned(),
        [one] => format!("expected {one}"),
        [one, other] => format!("expected {one} or {other}"),
        many => format!("expected one of {}", many.join(", ")),
    };
    E::custom(format_args!("unknown field `{key}`, {expected}"))
}

pub fn too_large<E: serde::de::Error>() -> E {
    E::custom("more values than fit any frame")
}

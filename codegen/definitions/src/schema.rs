//! The `.api.json` file as it stands: no names, no decisions.
#![allow(missing_docs)]

use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

/// One module's definitions, as VPP's `vppapigen` writes them.
#[derive(Debug, Default, Deserialize)]
pub struct File {
    #[serde(default)]
    pub types: Vec<Definition>,
    #[serde(default)]
    pub messages: Vec<Definition>,
    #[serde(default)]
    pub unions: Vec<Definition>,
    #[serde(default)]
    pub enums: Vec<EnumDefinition>,
    #[serde(default)]
    pub enumflags: Vec<EnumDefinition>,
    #[serde(default)]
    pub services: BTreeMap<String, Service>,
    #[serde(default)]
    pub options: BTreeMap<String, Value>,
    #[serde(default)]
    pub aliases: BTreeMap<String, Alias>,
    #[serde(default)]
    pub imports: Vec<String>,
}

/// A message, struct or union: `[name, field…, {meta}?]`.
#[derive(Debug, Clone, PartialEq)]
pub struct Definition {
    pub name: String,
    pub fields: Vec<Field>,
    pub meta: Meta,
}

/// What stands behind the fields of a definition.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
pub struct Meta {
    pub crc: Option<String>,
    #[serde(default)]
    pub options: BTreeMap<String, Value>,
    pub comment: Option<String>,
}

/// `[type, name]`, `[type, name, length]`, `[type, name, length, count]` or `[type, name, {options}]`.
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    pub type_name: String,
    pub name: String,
    pub length: Option<u64>,
    pub count: Option<String>,
    pub options: BTreeMap<String, Value>,
}

/// `[name, [id, value]…, {"enumtype": …}]`.
#[derive(Debug, Clone, PartialEq)]
pub struct EnumDefinition {
    pub name: String,
    pub values: Vec<(String, i128)>,
    pub wire: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Alias {
    #[serde(rename = "type")]
    pub type_name: String,
    pub length: Option<u64>,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Service {
    #[serde(default)]
    pub reply: Option<String>,
    #[serde(default)]
    pub stream: bool,
    pub stream_msg: Option<String>,
    #[serde(default)]
    pub events: Vec<String>,
}

enum Element {
    Field(Field),
    Meta(Meta),
}

impl<'de> Deserialize<'de> for Definition {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct DefinitionVisitor;

        impl<'de> Visitor<'de> for DefinitionVisitor {
            type Value = Definition;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a definition: [name, [type, field]…, {…}]")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Definition, A::Error> {
                let name: String = seq
                    .next_element()?
                    .ok_or_else(|| A::Error::invalid_length(0, &self))?;
                let mut fields = Vec::new();
                let mut meta = Meta::default();
                while let Some(element) = seq.next_element()? {
                    match element {
                        Element::Field(field) => fields.push(field),
                        Element::Meta(found) => meta = found,
                    }
                }
                Ok(Definition { name, fields, meta })
            }
        }

        from.deserialize_seq(DefinitionVisitor)
    }
}

impl<'de> Deserialize<'de> for Element {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct ElementVisitor;

        impl<'de> Visitor<'de> for ElementVisitor {
            type Value = Element;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a field [type, name, …] or an object")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Element, A::Error> {
                let mut text = |at| {
                    seq.next_element::<String>()?
                        .ok_or_else(|| A::Error::invalid_length(at, &self))
                };
                let (type_name, name) = (text(0)?, text(1)?);
                let (length, options) = match seq.next_element()? {
                    None => (None, BTreeMap::new()),
                    Some(LengthOrOptions::Length(length)) => (Some(length), BTreeMap::new()),
                    Some(LengthOrOptions::Options(options)) => (None, options),
                };
                let count = match length {
                    Some(_) => seq.next_element::<Option<String>>()?.flatten(),
                    None => None,
                };
                while seq.next_element::<IgnoredAny>()?.is_some() {}
                Ok(Element::Field(Field {
                    type_name,
                    name,
                    length,
                    count,
                    options,
                }))
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Element, A::Error> {
                let map = serde::de::value::MapAccessDeserializer::new(map);
                Meta::deserialize(map).map(Element::Meta)
            }
        }

        from.deserialize_any(ElementVisitor)
    }
}

#[derive(Deserialize)]
#[serde(untagged, expecting = "an array length or an object of options")]
enum LengthOrOptions {
    Length(u64),
    Options(BTreeMap<String, Value>),
}

impl<'de> Deserialize<'de> for EnumDefinition {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct EnumVisitor;

        #[derive(Deserialize)]
        #[serde(
            untagged,
            expecting = "an enumerator [name, value] or {\"enumtype\": …}"
        )]
        enum Item {
            Value(String, Number),
            Meta { enumtype: Option<String> },
        }

        impl<'de> Visitor<'de> for EnumVisitor {
            type Value = EnumDefinition;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an enum: [name, [id, value]…, {\"enumtype\": …}]")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
                let name: String = seq
                    .next_element()?
                    .ok_or_else(|| A::Error::invalid_length(0, &self))?;
                let mut values = Vec::new();
                let mut wire = None;
                while let Some(item) = seq.next_element()? {
                    match item {
                        Item::Value(id, Number(value)) => values.push((id, value)),
                        Item::Meta { enumtype } => wire = enumtype,
                    }
                }
                Ok(EnumDefinition { name, values, wire })
            }
        }

        from.deserialize_seq(EnumVisitor)
    }
}

/// An enumerator's value: any integer of 64 bits, signed or not.
struct Number(i128);

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let number = serde_json::Number::deserialize(from)?;
        let signed = number.as_i64().map(i128::from);
        signed
            .or_else(|| number.as_u64().map(i128::from))
            .map(Number)
            .ok_or_else(|| D::Error::custom(format_args!("{number} is not an integer")))
    }
}

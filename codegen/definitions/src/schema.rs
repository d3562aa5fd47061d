//! The content of an `.api.json` file, parsed but not interpreted.

use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

/// The definitions of one module, as VPP's `vppapigen` writes them.
///
/// The file repeats all types of the modules that it imports.
#[derive(Debug, Default, Deserialize)]
pub struct File {
    /// The structs.
    #[serde(default)]
    pub types: Vec<Definition>,
    /// The messages.
    #[serde(default)]
    pub messages: Vec<Definition>,
    /// The unions.
    #[serde(default)]
    pub unions: Vec<Definition>,
    /// The enums.
    #[serde(default)]
    pub enums: Vec<EnumDefinition>,
    /// The enums whose values are combined bit by bit.
    #[serde(default)]
    pub enumflags: Vec<EnumDefinition>,
    /// The service of each request, by the request's name.
    #[serde(default)]
    pub services: BTreeMap<String, Service>,
    /// The options of the module, such as `version`.
    #[serde(default)]
    pub options: BTreeMap<String, Value>,
    /// The aliases, by name.
    #[serde(default)]
    pub aliases: BTreeMap<String, Alias>,
    /// The imported files, such as `vnet/ip/ip_types.api`.
    #[serde(default)]
    pub imports: Vec<String>,
}

/// A message, struct or union: `[name, field…, {meta}?]`.
#[derive(Debug, Clone, PartialEq)]
pub struct Definition {
    /// The name.
    pub name: String,
    /// The fields; those of a message begin with `_vl_msg_id`.
    pub fields: Vec<Field>,
    /// The CRC, options and comment.
    pub meta: Meta,
}

/// The object after the fields of a definition.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
pub struct Meta {
    /// The CRC of a message: `0x` and hexadecimal digits.
    pub crc: Option<String>,
    /// The options, such as `deprecated`.
    #[serde(default)]
    pub options: BTreeMap<String, Value>,
    /// The comment of the API file.
    pub comment: Option<String>,
}

/// A field: `[type, name]`, `[type, name, length]`, `[type, name, length, count]` or
/// `[type, name, {options}]`.
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    /// The type: a scalar, `string`, or a defined type as `vl_api_<name>_t`.
    pub type_name: String,
    /// The name.
    pub name: String,
    /// The length of an array; 0 if it is variable.
    pub length: Option<u64>,
    /// The name of the field that holds the length of a variable array.
    pub count: Option<String>,
    /// The options, such as `default` and `discriminator`.
    pub options: BTreeMap<String, Value>,
}

/// An enum or enumflag: `[name, [id, value]…, {"enumtype": …}]`.
#[derive(Debug, Clone, PartialEq)]
pub struct EnumDefinition {
    /// The name.
    pub name: String,
    /// The name and value of each enumerator.
    pub values: Vec<(String, i128)>,
    /// The integer type on the wire; `u32` if there is none.
    pub wire: Option<String>,
}

/// Another name for a type, or for an array of it.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Alias {
    /// The type, as in [`Field::type_name`].
    #[serde(rename = "type")]
    pub type_name: String,
    /// The length of an array.
    pub length: Option<u64>,
}

/// The messages that VPP sends for a request.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Service {
    /// The reply, or the details of a dump; `null` if VPP sends none.
    #[serde(default)]
    pub reply: Option<String>,
    /// Whether VPP sends any number of messages.
    #[serde(default)]
    pub stream: bool,
    /// The details that VPP sends before the reply.
    pub stream_msg: Option<String>,
    /// The events that the request turns on.
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

/// The value of an enumerator: any 64-bit integer, signed or unsigned.
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

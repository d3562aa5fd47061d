//! Converts definitions of the JSON to items of a source.

use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::Value as Json;
use serde_json::value::RawValue;

use super::{fault, problem};
use crate::compile::diagnostic::Fault;
use crate::compile::number::Number;
use crate::compile::source::{Name, Source, Span};
use crate::compile::syntax::ast::{
    Block, Dimension, Enum, Enumerator, Field, FieldOption, Item, Member, Options, Value,
};
use crate::compile::syntax::{SCALARS, WIRES};
use crate::schema::{Alias, Definition, EnumDefinition};

/// An item, and its comment if there is one.
pub type ReadItem = Result<(Item, Option<String>), Fault>;

pub struct Reader<'a> {
    pub source: &'a Source,
}

impl Reader<'_> {
    pub fn import(&self, raw: &RawValue) -> Result<Item, Fault> {
        let span = self.span(raw.get());
        let text = self.json(raw)?;
        Ok(Item::Import(Name { text, span }))
    }

    pub fn structure(&self, raw: &RawValue) -> ReadItem {
        let (block, comment) = self.block(raw)?;
        Ok((Item::Struct(block), comment))
    }

    pub fn union(&self, raw: &RawValue) -> ReadItem {
        let (block, comment) = self.block(raw)?;
        Ok((Item::Union(block), comment))
    }

    pub fn enumeration(&self, raw: &RawValue, is_flags: bool) -> ReadItem {
        let definition: EnumDefinition = self.json(raw)?;
        let span = self.name_in(raw, &definition.name);
        let wire = definition.wire.as_deref().unwrap_or("u32");
        let wire = WIRES.iter().find(|known| **known == wire);
        let wire =
            wire.ok_or_else(|| fault(span, &format_args!("the enumtype is not one of {WIRES:?}")))?;
        let values = definition
            .values
            .into_iter()
            .map(|(text, value)| Enumerator {
                name: Name { text, span },
                value: Some((Number::Int(value), span)),
                is_compatible: false,
            });
        let of = Enum {
            name: named(definition.name, span),
            is_flags,
            wire,
            values: values.collect(),
        };
        Ok((Item::Enum(of), None))
    }

    pub fn aliases(&self, raw: Option<&RawValue>) -> Result<Vec<(Item, Option<String>)>, Fault> {
        let Some(raw) = raw else {
            return Ok(Vec::new());
        };
        let Ordered(aliases) = self.json(raw)?;
        let read = |(name, of): (String, Json)| {
            let span = self.name_in(raw, &name);
            let alias = Alias::deserialize(of).map_err(|error| fault(span, &problem(&error)))?;
            let dimension = dimension(alias.length, None, Vec::new(), span);
            let field = field(alias.type_name, named(name, span), dimension);
            Ok((Item::Alias(field), None))
        };
        aliases.into_iter().map(read).collect()
    }

    fn block(&self, raw: &RawValue) -> Result<(Block, Option<String>), Fault> {
        let Definition { name, fields, meta } = self.json(raw)?;
        let span = self.name_in(raw, &name);
        let members = fields.into_iter().map(|one| {
            let dimension = dimension(one.length, one.count, options(one.options, span), span);
            Member::Field(field(one.type_name, named(one.name, span), dimension))
        });
        let block = Block {
            name: named(name, span),
            flags: Vec::new(),
            keyword: span,
            members: members.collect(),
        };
        Ok((block, meta.comment))
    }

    fn json<'a, T: Deserialize<'a>>(&self, raw: &'a RawValue) -> Result<T, Fault> {
        serde_json::from_str(raw.get()).map_err(|error| {
            let text = raw.get();
            let first = text.lines().next().unwrap_or(text);
            fault(self.span(first), &problem(&error))
        })
    }

    /// The position of a definition's name.
    fn name_in(&self, raw: &RawValue, name: &str) -> Span {
        let text = raw.get();
        let quoted = Json::from(name).to_string();
        let found = text
            .find(&quoted)
            .and_then(|at| text.get(at..at + quoted.len()));
        self.span(found.unwrap_or(text))
    }

    /// The position of a part of the source's text.
    fn span(&self, part: &str) -> Span {
        let start = part.as_ptr().addr() - self.source.text.as_ptr().addr();
        Span::new(start, start + part.len())
    }
}

fn named(text: String, span: Span) -> Name {
    Name { text, span }
}

fn field(ty: String, name: Name, dimension: Dimension) -> Field {
    Field {
        is_named: !SCALARS.contains(&ty.as_str()),
        ty: named(ty, name.span),
        name,
        dimension,
    }
}

fn dimension(
    length: Option<u64>,
    count: Option<String>,
    options: Options,
    span: Span,
) -> Dimension {
    match (length, count) {
        (_, Some(count)) => Dimension::Counted(named(count, span)),
        (None, None) => Dimension::Scalar(options),
        (Some(0), None) => Dimension::Open(span),
        (Some(length), None) => Dimension::Fixed(Number::Int(length.into())),
    }
}

fn options(options: BTreeMap<String, Json>, span: Span) -> Options {
    let option = |(name, value)| FieldOption {
        name,
        value: match value {
            Json::Null => Value::None,
            Json::Bool(false) => Value::False,
            Json::Number(number) => match (number.as_i128(), number.as_f64()) {
                (Some(value), _) => Value::Number(Number::Int(value)),
                (None, Some(value)) => Value::Number(Number::Float(value)),
                (None, None) => Value::Text(number.to_string()),
            },
            Json::String(text) => Value::Text(text),
            other => Value::Text(other.to_string()),
        },
        span,
    };
    options.into_iter().map(option).collect()
}

/// The entries of an object in the order of the text, which is that of the source.
struct Ordered(Vec<(String, Json)>);

impl<'de> Deserialize<'de> for Ordered {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct OrderedVisitor;

        impl<'de> Visitor<'de> for OrderedVisitor {
            type Value = Ordered;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a map")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Ordered, A::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    entries.push(entry);
                }
                Ok(Ordered(entries))
            }
        }

        from.deserialize_map(OrderedVisitor)
    }
}

use std::borrow::Cow;
use std::fmt;

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, Error as _, SeqAccess, Visitor};

use super::super::context::Context;
use super::super::default;
use super::super::value::Value;
use super::fields::{Fields, Union, too_large};
use super::{names, strings};
use crate::special;
use vpp_definitions::model::{Field, Scalar, Shape, Special, Type, TypeId, TypeShape};

/// Reads the value of a field, an alias or an arm.
#[derive(Clone, Copy)]
pub struct OfField<'a> {
    pub context: &'a Context<'a>,
    pub field: &'a Field,
}

impl<'de> DeserializeSeed<'de> for OfField<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Value, D::Error> {
        let Self { context, field } = self;
        let one = One {
            context,
            ty: &field.ty,
        };
        let length = match &field.shape {
            Shape::Array(length) => Some(*length),
            _ => None,
        };
        match (&field.ty, &field.shape) {
            (Type::Text, Shape::Array(length)) => {
                strings::fixed(context, *length, from).map(Value::Bytes)
            }
            (_, Shape::One) | (Type::Text, _) => one.deserialize(from),
            (Type::Scalar(Scalar::U8), _) => hex(length, from).map(Value::Bytes),
            _ => {
                let items = from.deserialize_seq(Items(one))?;
                match length {
                    Some(length) if length != items.len() as u64 => {
                        let found = items.len();
                        Err(D::Error::custom(format_args!(
                            "the field takes {length} elements, found {found}"
                        )))
                    }
                    _ => Ok(Value::List(items)),
                }
            }
        }
    }
}

/// Bytes from `"0x…"`.
fn hex<'de, D: Deserializer<'de>>(length: Option<u64>, from: D) -> Result<Vec<u8>, D::Error> {
    let text = Cow::<str>::deserialize(from)?;
    let bytes = text.strip_prefix("0x").and_then(bytes_of_hex);
    let bytes = bytes.ok_or_else(|| {
        D::Error::custom(format_args!(
            "{text:?} is not 0x followed by pairs of hex digits"
        ))
    })?;
    match length {
        Some(length) if length != bytes.len() as u64 => {
            let found = bytes.len();
            Err(D::Error::custom(format_args!(
                "the field takes {length} bytes, found {found}"
            )))
        }
        _ => Ok(bytes),
    }
}

fn bytes_of_hex(digits: &str) -> Option<Vec<u8>> {
    let digit = |byte: u8| {
        let digit = char::from(byte).to_digit(16);
        digit.and_then(|digit| u8::try_from(digit).ok())
    };
    let pairs = digits.as_bytes().chunks(2).map(|pair| match *pair {
        [high, low] => Some(digit(high)? << 4 | digit(low)?),
        _ => None,
    });
    pairs.collect()
}

/// Reads the elements of an array.
struct Items<'a>(One<'a>);

impl<'de> Visitor<'de> for Items<'_> {
    type Value = Vec<Value>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a sequence")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Vec<Value>, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = seq.next_element_seed(self.0)? {
            items.push(item);
        }
        Ok(items)
    }
}

/// Reads one element.
#[derive(Clone, Copy)]
struct One<'a> {
    context: &'a Context<'a>,
    ty: &'a Type,
}

impl<'de> DeserializeSeed<'de> for One<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Value, D::Error> {
        match self.ty {
            Type::Scalar(scalar) => of_scalar(*scalar, from),
            Type::Text | Type::Unresolved(_) => strings::variable(from).map(Value::Text),
            Type::Named(id) => named(self.context, *id, from),
        }
    }
}

fn of_scalar<'de, D: Deserializer<'de>>(scalar: Scalar, from: D) -> Result<Value, D::Error> {
    Ok(match scalar {
        Scalar::Bool => Value::Bool(bool::deserialize(from)?),
        Scalar::F32 => Value::Single(f32::deserialize(from)?),
        Scalar::F64 => Value::Double(f64::deserialize(from)?),
        Scalar::U8 => Value::Integer(u8::deserialize(from)?.into()),
        Scalar::U16 => Value::Integer(u16::deserialize(from)?.into()),
        Scalar::U32 => Value::Integer(u32::deserialize(from)?.into()),
        Scalar::U64 => Value::Integer(u64::deserialize(from)?.into()),
        Scalar::I8 => Value::Integer(i8::deserialize(from)?.into()),
        Scalar::I16 => Value::Integer(i16::deserialize(from)?.into()),
        Scalar::I32 => Value::Integer(i32::deserialize(from)?.into()),
        Scalar::I64 => Value::Integer(i64::deserialize(from)?.into()),
    })
}

fn named<'de, D: Deserializer<'de>>(
    context: &Context<'_>,
    id: TypeId,
    from: D,
) -> Result<Value, D::Error> {
    let ty = context.type_def(id);
    let special = context.special(id);
    match &ty.shape {
        TypeShape::Struct(fields) => {
            let message = None;
            let fields = Fields {
                context,
                message,
                fields,
            };
            fields.or_text(special).deserialize(from).map(Value::Fields)
        }
        TypeShape::Union(arms) => {
            let Some(Value::Bytes(bytes)) = default::of_type_def(context, ty) else {
                return Err(too_large());
            };
            let union = Union {
                context,
                arms,
                bytes,
            };
            union.deserialize(from).map(Value::Bytes)
        }
        TypeShape::Enum(definition) => names::enumerator(definition, from).map(Value::Integer),
        TypeShape::Flags(definition) => names::flags(definition, from).map(Value::Integer),
        TypeShape::Alias(_) if special != Special::None => text(special, from),
        TypeShape::Alias(field) => OfField { context, field }.deserialize(from),
    }
}

fn text<'de, D: Deserializer<'de>>(special: Special, from: D) -> Result<Value, D::Error> {
    let text = Cow::<str>::deserialize(from)?;
    special::parse(special, &text)
        .map_err(|expected| D::Error::custom(format_args!("{text:?} is not {expected}")))
}

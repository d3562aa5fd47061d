use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};

use super::super::context::Context;
use super::super::value::Value;
use super::super::{decode, default};
use crate::model::{Enum, Field, Message, Role, Shape, Special, Type, TypeShape};

/// The object of a struct or message.
pub struct Fields<'a> {
    pub context: &'a Context<'a>,
    pub message: Option<&'a Message>,
    pub fields: &'a [Field],
    pub values: &'a [Value],
}

impl Serialize for Fields<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut map = to.serialize_map(None)?;
        if let Some(message) = self.message {
            map.serialize_entry("_msgname", &message.name)?;
            map.serialize_entry("_crc", &format_args!("{:08x}", message.crc))?;
        }
        for (field, value) in self.fields.iter().zip(self.values) {
            match &field.role {
                Role::Header => {}
                Role::Counts(arrays) => {
                    let array = arrays.first().and_then(|place| self.values.get(*place));
                    map.serialize_entry(&field.name, &array.map_or(0, Value::len))?;
                }
                Role::Value => map.serialize_entry(
                    &field.name,
                    &OfField {
                        context: self.context,
                        field,
                        value,
                    },
                )?,
            }
        }
        map.end()
    }
}

/// The value of a field, an alias or an arm.
struct OfField<'a> {
    context: &'a Context<'a>,
    field: &'a Field,
    value: &'a Value,
}

impl Serialize for OfField<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let Self {
            context,
            field,
            value,
        } = self;
        match (value, &field.ty) {
            (Value::Bytes(bytes), Type::Text) => fixed_string(bytes, to),
            (Value::Bytes(bytes), Type::Scalar(_)) => to.serialize_str(&hex(bytes)),
            (Value::List(items), _) if field.shape != Shape::One => {
                to.collect_seq(items.iter().map(|value| One {
                    context,
                    ty: &field.ty,
                    value,
                }))
            }
            _ => One {
                context,
                ty: &field.ty,
                value,
            }
            .serialize(to),
        }
    }
}

/// One element.
struct One<'a> {
    context: &'a Context<'a>,
    ty: &'a Type,
    value: &'a Value,
}

impl Serialize for One<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match (self.ty, self.value) {
            (Type::Named(id), value) => {
                let text = self.context.special(*id);
                named(self.context, *id, text, value, to)
            }
            (_, Value::Bool(on)) => to.serialize_bool(*on),
            (_, Value::Integer(number)) => integer(*number, to),
            (_, Value::Single(number)) => to.serialize_f32(*number),
            (_, Value::Double(number)) => to.serialize_f64(*number),
            (_, Value::Text(bytes)) => variable_string(bytes, to),
            // No other value is made for a scalar or a string.
            _ => to.serialize_unit(),
        }
    }
}

fn named<S: Serializer>(
    context: &Context<'_>,
    id: usize,
    special: Special,
    value: &Value,
    to: S,
) -> Result<S::Ok, S::Error> {
    if let Some(text) = special.text(value) {
        return to.serialize_str(&text);
    }
    match (&context.type_def(id).shape, value) {
        (TypeShape::Struct(fields), Value::Fields(values)) => Fields {
            context,
            message: None,
            fields,
            values,
        }
        .serialize(to),
        (TypeShape::Union(arms), Value::Bytes(bytes)) => union(context, arms, bytes, to),
        (TypeShape::Enum(definition), Value::Integer(number)) => {
            let mut constants = definition.constants.iter();
            match constants.find(|constant| constant.value == *number) {
                Some(constant) => to.serialize_str(&constant.name),
                None => integer(*number, to),
            }
        }
        (TypeShape::Flags(definition), Value::Integer(bits)) => flags(definition, *bits, to),
        (TypeShape::Alias(field), value) => OfField {
            context,
            field,
            value,
        }
        .serialize(to),
        // No other value is made for a type.
        _ => to.serialize_unit(),
    }
}

/// The object of all arms, whatever the bytes were meant as.
fn union<S: Serializer>(
    context: &Context<'_>,
    arms: &[Field],
    bytes: &[u8],
    to: S,
) -> Result<S::Ok, S::Error> {
    let mut map = to.serialize_map(None)?;
    for field in arms {
        let arm = decode::arm(context, field, bytes);
        let value = arm.or_else(|| default::fields(context, std::slice::from_ref(field))?.pop());
        let value = value.unwrap_or(Value::Nothing);
        let value = OfField {
            context,
            field,
            value: &value,
        };
        map.serialize_entry(&field.name, &value)?;
    }
    map.end()
}

/// The names of the bits that are set, then the rest as a number.
fn flags<S: Serializer>(definition: &Enum, bits: i128, to: S) -> Result<S::Ok, S::Error> {
    let mut seq = to.serialize_seq(None)?;
    let mut rest = bits;
    for constant in &definition.constants {
        if constant.value != 0 && rest & constant.value == constant.value {
            seq.serialize_element(&constant.name)?;
            rest &= !constant.value;
        }
    }
    match u64::try_from(rest) {
        Ok(0) => {}
        Ok(rest) => seq.serialize_element(&rest)?,
        Err(_) => seq.serialize_element(&rest)?,
    }
    seq.end()
}

fn integer<S: Serializer>(number: i128, to: S) -> Result<S::Ok, S::Error> {
    match (u64::try_from(number), i64::try_from(number)) {
        (Ok(unsigned), _) => to.serialize_u64(unsigned),
        (_, Ok(signed)) => to.serialize_i64(signed),
        _ => to.serialize_i128(number),
    }
}

/// Text, or all bytes as numbers if they are not UTF-8 or if others than NUL follow the NUL.
fn fixed_string<S: Serializer>(whole: &[u8], to: S) -> Result<S::Ok, S::Error> {
    let end = whole.iter().position(|byte| *byte == 0);
    let (text, rest) = whole.split_at(end.unwrap_or(whole.len()));
    match std::str::from_utf8(text) {
        Ok(text) if rest.iter().all(|byte| *byte == 0) => to.serialize_str(text),
        _ => to.collect_seq(whole),
    }
}

/// Text, or the bytes as numbers if they are not UTF-8.
fn variable_string<S: Serializer>(bytes: &[u8], to: S) -> Result<S::Ok, S::Error> {
    match std::str::from_utf8(bytes) {
        Ok(text) => to.serialize_str(text),
        Err(_) => to.collect_seq(bytes),
    }
}

/// Bytes as `0x…`.
fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut text = String::with_capacity(2 + 2 * bytes.len());
    text.push_str("0x");
    for byte in bytes {
        text.push(char::from(DIGITS[usize::from(byte >> 4)]));
        text.push(char::from(DIGITS[usize::from(byte & 15)]));
    }
    text
}

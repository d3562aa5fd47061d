//! Reads values from JSON. Types are nested, so the functions of this file call each other.

use std::borrow::Cow;
use std::fmt;

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};

use super::super::context::Context;
use super::super::encode;
use super::super::value::{Value, default_fields};
use super::fields::{Fields, names, unknown_field};
use super::names::{enumerator, flags};
use super::{any, hex, strings, too_large};
use crate::special;
use vpp_definitions::model::{Field, Scalar, Shape, Special, Type, TypeId, TypeShape};

/// Reads the values of a struct or message.
pub struct ObjectSeed<'a> {
    fields: Fields<'a>,
    special: Special,
    defaults: Option<Vec<Value>>,
}

impl<'a> ObjectSeed<'a> {
    /// Reads an object. Missing fields have the values of `defaults`.
    pub fn with_defaults(fields: Fields<'a>, defaults: Vec<Value>) -> Self {
        Self {
            fields,
            special: Special::None,
            defaults: Some(defaults),
        }
    }

    /// Reads an object, or text if the type has a text form.
    fn or_text(fields: Fields<'a>, special: Special) -> Self {
        Self {
            fields,
            special,
            defaults: None,
        }
    }
}

impl<'de> DeserializeSeed<'de> for ObjectSeed<'_> {
    type Value = Vec<Value>;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Self::Value, D::Error> {
        if self.special == Special::None {
            from.deserialize_map(self)
        } else {
            any(from, self)
        }
    }
}

impl<'de> Visitor<'de> for ObjectSeed<'_> {
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
        let values = self.defaults.or_else(|| default_fields(context, fields));
        let mut values = values.ok_or_else(too_large)?;
        let mut counts = Vec::new();
        while let Some(key) = map.next_key::<String>()? {
            if let Some((index, field)) = self.fields.value(&key) {
                let value = map.next_value_seed(FieldSeed { context, field });
                values[index] = value.inspect_err(|_| context.record_failure(&key))?;
            } else if let Some(count) = self.fields.count(&key) {
                let stated = map.next_value::<u64>();
                counts.push((count, stated.inspect_err(|_| context.record_failure(&key))?));
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

/// Reads the bytes of a union from an object of arms. Each arm overwrites the bytes of earlier
/// ones.
struct UnionSeed<'a> {
    context: &'a Context<'a>,
    arms: &'a [Field],
    bytes: Vec<u8>,
}

impl<'de> DeserializeSeed<'de> for UnionSeed<'_> {
    type Value = Vec<u8>;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Vec<u8>, D::Error> {
        from.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for UnionSeed<'_> {
    type Value = Vec<u8>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = names(self.arms).collect();
        write!(f, "an object with fields {}", names.join(", "))
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<Vec<u8>, A::Error> {
        let context = self.context;
        while let Some(key) = map.next_key::<String>()? {
            let Some(field) = self.arms.iter().find(|arm| arm.name == key) else {
                return Err(unknown_field(&key, names(self.arms)));
            };
            let value = map.next_value_seed(FieldSeed { context, field });
            let value = value.inspect_err(|_| context.record_failure(&key))?;
            encode::arm(context, field, &value, &mut self.bytes);
        }
        Ok(self.bytes)
    }
}

/// Reads the value of a field, an alias or an arm.
#[derive(Clone, Copy)]
struct FieldSeed<'a> {
    context: &'a Context<'a>,
    field: &'a Field,
}

impl<'de> DeserializeSeed<'de> for FieldSeed<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Value, D::Error> {
        let Self { context, field } = self;
        let one = TypeSeed {
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
            (Type::Scalar(Scalar::U8), _) => hex::read(length, from).map(Value::Bytes),
            _ => {
                let items = from.deserialize_seq(ListVisitor(one))?;
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

/// Reads the elements of an array.
struct ListVisitor<'a>(TypeSeed<'a>);

impl<'de> Visitor<'de> for ListVisitor<'_> {
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

/// Reads one value of a type.
#[derive(Clone, Copy)]
struct TypeSeed<'a> {
    context: &'a Context<'a>,
    ty: &'a Type,
}

impl<'de> DeserializeSeed<'de> for TypeSeed<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Value, D::Error> {
        match self.ty {
            Type::Scalar(scalar) => of_scalar(*scalar, from),
            Type::Text => strings::variable(from).map(Value::Text),
            Type::Named(id) => of_named_type(self.context, *id, from),
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

fn of_named_type<'de, D: Deserializer<'de>>(
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
            let seed = ObjectSeed::or_text(fields, special);
            seed.deserialize(from).map(Value::Fields)
        }
        TypeShape::Union(arms) => {
            let Some(Value::Bytes(bytes)) = Value::default_of(context, ty) else {
                return Err(too_large());
            };
            let union = UnionSeed {
                context,
                arms,
                bytes,
            };
            union.deserialize(from).map(Value::Bytes)
        }
        TypeShape::Enum(definition) => enumerator(definition, from).map(Value::Integer),
        TypeShape::Flags(definition) => flags(definition, from).map(Value::Integer),
        TypeShape::Alias(_) if special != Special::None => text(special, from),
        TypeShape::Alias(field) => FieldSeed { context, field }.deserialize(from),
    }
}

fn text<'de, D: Deserializer<'de>>(special: Special, from: D) -> Result<Value, D::Error> {
    let text = Cow::<str>::deserialize(from)?;
    special::parse(special, &text)
        .map_err(|expected| D::Error::custom(format_args!("{text:?} is not {expected}")))
}

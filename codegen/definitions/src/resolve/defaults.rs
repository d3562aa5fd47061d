//! The defaults of the API file become values of their fields.

use serde_json::Value;

use crate::model::{Api, DefaultValue, Field, Scalar, Shape, Type, TypeDef, TypeShape};

/// Reads the defaults of all types and messages. One that is no value of its field is
/// kept as text, for the documentation, and zero is used: VPP's own tools look at
/// defaults as little.
pub fn read(api: &mut Api) {
    for id in 0..api.types.len() {
        let mut shape = std::mem::replace(&mut api.types[id].shape, TypeShape::Struct(Vec::new()));
        if let TypeShape::Struct(fields) = &mut shape {
            fields
                .iter_mut()
                .for_each(|field| read_one(&api.types, field));
        }
        api.types[id].shape = shape;
    }
    let messages = api
        .modules
        .iter_mut()
        .flat_map(|module| &mut module.messages);
    for field in messages.flat_map(|message| &mut message.fields) {
        read_one(&api.types, field);
    }
}

fn read_one(types: &[TypeDef], field: &mut Field) {
    let is_one = field.shape == Shape::One;
    if let Some(default) = &mut field.default {
        default.value = is_one
            .then(|| value(types, &field.ty, &default.declared))
            .flatten();
    }
}

fn value(types: &[TypeDef], ty: &Type, declared: &Value) -> Option<DefaultValue> {
    match ty {
        Type::Scalar(scalar) => of_scalar(*scalar, declared),
        Type::Named(id) => match &types[*id].shape {
            TypeShape::Enum(definition) | TypeShape::Flags(definition) => {
                let mut constants = definition.constants.iter();
                match constants.find(|constant| declared.as_str() == Some(&constant.name)) {
                    Some(constant) => Some(DefaultValue::Integer(constant.value)),
                    None => of_scalar(definition.wire, declared),
                }
            }
            TypeShape::Alias(field) if field.shape == Shape::One => {
                value(types, &field.ty, declared)
            }
            _ => None,
        },
        Type::Text | Type::Unresolved(_) => None,
    }
}

/// The compiler of the API language writes booleans as numbers, words or booleans.
fn of_scalar(scalar: Scalar, declared: &Value) -> Option<DefaultValue> {
    if scalar == Scalar::Bool {
        return Some(DefaultValue::Bool(match declared {
            Value::Bool(on) => *on,
            Value::String(text) => text.parse().ok()?,
            other => other.as_f64()? != 0.0,
        }));
    }
    match scalar.range() {
        Some(range) => integer(declared)
            .filter(|number| range.contains(number))
            .map(DefaultValue::Integer),
        None => Some(DefaultValue::Float(match declared {
            Value::String(text) => text.parse().ok()?,
            other => other.as_f64()?,
        })),
    }
}

fn integer(declared: &Value) -> Option<i128> {
    match declared {
        Value::Bool(on) => Some(i128::from(*on)),
        Value::String(text) => match text.strip_prefix("0x") {
            Some(digits) => i128::from_str_radix(digits, 16).ok(),
            None => text.parse().ok(),
        },
        Value::Number(number) => number
            .as_i64()
            .map(i128::from)
            .or_else(|| number.as_u64().map(i128::from))
            .or_else(|| number.as_f64().filter(|f| f.fract() == 0.0).and_then(whole)),
        _ => None,
    }
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "guarded by the range before it"
)]
fn whole(number: f64) -> Option<i128> {
    (number.abs() < 2f64.powi(63)).then_some(number as i128)
}

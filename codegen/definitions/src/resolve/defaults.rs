//! Converts the defaults of the API file to values of their fields.

use serde_json::Value;

use crate::model::{DefaultValue, Scalar, Shape, Type, TypeDef, TypeShape};

/// The default of a field as a value of it. `None` if it does not fit: the default is then
/// shown in the documentation only, and zero is used. VPP's own tools ignore defaults too.
pub fn value(
    types: &[TypeDef],
    ty: &Type,
    shape: &Shape,
    declared: &Value,
) -> Option<DefaultValue> {
    (*shape == Shape::One)
        .then(|| of_type(types, ty, declared))
        .flatten()
}

fn of_type(types: &[TypeDef], ty: &Type, declared: &Value) -> Option<DefaultValue> {
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
                of_type(types, &field.ty, declared)
            }
            _ => None,
        },
        Type::Text => None,
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

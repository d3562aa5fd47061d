//! Zero, or what the API file says.

use super::context::Context;
use super::value::Value;
use vpp_definitions::model::{DefaultValue, Field, Scalar, Shape, Type, TypeDef, TypeShape};

/// The values of a struct or message of which nothing is said; `None` where they
/// would be too many.
pub fn fields(context: &Context<'_>, fields: &[Field]) -> Option<Vec<Value>> {
    let value = |field: &Field| match field.is_value() {
        true => of_field(context, field),
        false => Some(Value::Nothing),
    };
    fields.iter().map(value).collect()
}

fn of_field(context: &Context<'_>, field: &Field) -> Option<Value> {
    if let Some(value) = field.default.as_ref().and_then(|default| default.value) {
        return Some(declared(context, &field.ty, value));
    }
    match (&field.ty, &field.shape) {
        (Type::Text | Type::Scalar(Scalar::U8), Shape::Array(length)) => zeros(context, *length),
        (Type::Text, _) => Some(Value::Text(Vec::new())),
        (ty, Shape::One) => of_type(context, ty),
        (ty, Shape::Array(length)) => {
            context.spend(*length).then_some(())?;
            let items = (0..*length).map(|_| of_type(context, ty));
            items.collect::<Option<_>>().map(Value::List)
        }
        (Type::Scalar(Scalar::U8), _) => Some(Value::Bytes(Vec::new())),
        _ => Some(Value::List(Vec::new())),
    }
}

fn zeros(context: &Context<'_>, length: u64) -> Option<Value> {
    context.spend(length).then_some(())?;
    let length = usize::try_from(length).ok()?;
    Some(Value::Bytes(vec![0; length]))
}

fn of_type(context: &Context<'_>, ty: &Type) -> Option<Value> {
    match ty {
        Type::Scalar(scalar) => Some(zero(*scalar)),
        Type::Text | Type::Unresolved(_) => Some(Value::Text(Vec::new())),
        Type::Named(id) => of_type_def(context, context.type_def(*id)),
    }
}

/// The value of a named type of which nothing is said.
pub fn of_type_def(context: &Context<'_>, ty: &TypeDef) -> Option<Value> {
    match &ty.shape {
        TypeShape::Struct(members) => fields(context, members).map(Value::Fields),
        TypeShape::Union(_) => zeros(context, ty.size.min),
        TypeShape::Enum(_) | TypeShape::Flags(_) => Some(Value::Integer(0)),
        TypeShape::Alias(field) => of_field(context, field),
    }
}

fn zero(scalar: Scalar) -> Value {
    match scalar {
        Scalar::Bool => Value::Bool(false),
        Scalar::F32 => Value::Single(0.0),
        Scalar::F64 => Value::Double(0.0),
        _ => Value::Integer(0),
    }
}

/// `resolve::defaults` has chosen a value that fits the type, which may be an alias.
fn declared(context: &Context<'_>, ty: &Type, value: DefaultValue) -> Value {
    if let Type::Named(id) = ty
        && let TypeShape::Alias(field) = &context.type_def(*id).shape
    {
        return declared(context, &field.ty, value);
    }
    match value {
        DefaultValue::Bool(on) => Value::Bool(on),
        DefaultValue::Integer(number) => Value::Integer(number),
        DefaultValue::Float(number) if *ty == Type::Scalar(Scalar::F32) => {
            // By its digits, as Rust's own compiler rounds a literal.
            Value::Single(number.to_string().parse().unwrap_or_default())
        }
        DefaultValue::Float(number) => Value::Double(number),
    }
}

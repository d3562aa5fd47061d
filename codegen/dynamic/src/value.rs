//! Values read from JSON, and their defaults.

use super::context::Context;
use vpp_definitions::model::{DefaultValue, Field, Scalar, Shape, Type, TypeDef, TypeShape};

/// A value of any API type, read from JSON for encoding.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// No value: a field of the header, or a count.
    Nothing,
    Bool(bool),
    /// An integer, an enum, or the bits of an enumflag.
    Integer(i128),
    Single(f32),
    Double(f64),
    /// An array of `u8`, a string of fixed size, or a union.
    Bytes(Vec<u8>),
    /// The bytes of a string of variable size.
    Text(Vec<u8>),
    /// An array of any other type.
    List(Vec<Value>),
    /// A struct or message: one value per field.
    Fields(Vec<Value>),
}

impl Value {
    /// The number of elements of an array or string.
    pub fn len(&self) -> usize {
        match self {
            Self::Bytes(bytes) => bytes.len(),
            Self::Text(text) => text.len(),
            Self::List(items) => items.len(),
            _ => 0,
        }
    }

    /// The default of a named type; `None` if it has too many values.
    pub fn default_of(context: &Context<'_>, ty: &TypeDef) -> Option<Self> {
        match &ty.shape {
            TypeShape::Struct(members) => default_fields(context, members).map(Self::Fields),
            TypeShape::Union(_) => zeros(context, ty.size.min),
            TypeShape::Enum(_) | TypeShape::Flags(_) => Some(Self::Integer(0)),
            TypeShape::Alias(field) => default_of_field(context, field),
        }
    }
}

/// The defaults of the fields of a struct or message: those of the API file, otherwise zero.
/// `None` if there are too many values.
pub fn default_fields(context: &Context<'_>, fields: &[Field]) -> Option<Vec<Value>> {
    let value = |field: &Field| match field.is_value() {
        true => default_of_field(context, field),
        false => Some(Value::Nothing),
    };
    fields.iter().map(value).collect()
}

fn default_of_field(context: &Context<'_>, field: &Field) -> Option<Value> {
    if let Some(value) = field.default.as_ref().and_then(|default| default.value) {
        return Some(declared(context, &field.ty, value));
    }
    match (&field.ty, &field.shape) {
        (Type::Text | Type::Scalar(Scalar::U8), Shape::Array(length)) => zeros(context, *length),
        (Type::Text, _) => Some(Value::Text(Vec::new())),
        (ty, Shape::One) => default_of_type(context, ty),
        (ty, Shape::Array(length)) => {
            context.spend(*length).then_some(())?;
            let items = (0..*length).map(|_| default_of_type(context, ty));
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

fn default_of_type(context: &Context<'_>, ty: &Type) -> Option<Value> {
    match ty {
        Type::Scalar(scalar) => Some(zero(*scalar)),
        Type::Text => Some(Value::Text(Vec::new())),
        Type::Named(id) => Value::default_of(context, context.type_def(*id)),
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

/// The default that the API file declares. `resolve::defaults` has checked that it fits the
/// type, which may be an alias.
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
            // Parsed from digits, so that it is rounded like a literal in generated code.
            Value::Single(number.to_string().parse().unwrap_or_default())
        }
        DefaultValue::Float(number) => Value::Double(number),
    }
}

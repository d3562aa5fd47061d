//! Encodes values as bytes.

use super::Header;
use super::context::Context;
use super::error::{CodecError, InField};
use super::value::Value;
use vpp_definitions::model::{Enum, Field, Message, Role, Scalar, Shape, Type, TypeShape};

type Result<T> = std::result::Result<T, InField<String>>;

/// Encodes the payload of a message with the values of its fields.
pub fn message(
    context: &Context<'_>,
    message: &Message,
    values: &[Value],
    header: Header,
) -> std::result::Result<Vec<u8>, CodecError> {
    let mut out = header.msg_id.to_be_bytes().to_vec();
    out.resize(usize::try_from(message.header.body).unwrap_or_default(), 0);
    fields(context, &message.fields, values, &mut out).map_err(|mut error| CodecError::Encode {
        path: error.path(&message.name),
        reason: error.fault,
    })?;
    for (at, value) in [
        (message.header.client_index, header.client_index),
        (message.header.context, header.context),
    ] {
        let at = at.and_then(|at| usize::try_from(at).ok());
        if let Some(bytes) = at.and_then(|at| out.get_mut(at..)?.first_chunk_mut()) {
            *bytes = value.to_be_bytes();
        }
    }
    Ok(out)
}

/// Overwrites the first bytes of a union with the value of an arm.
pub fn arm(context: &Context<'_>, arm: &Field, value: &Value, union: &mut [u8]) {
    let mut bytes = Vec::new();
    // An arm has a fixed size, so its encoding cannot fail.
    if field(context, arm, value, &mut bytes).is_ok() {
        let size = bytes.len().min(union.len());
        union[..size].copy_from_slice(&bytes[..size]);
    }
}

fn fields(
    context: &Context<'_>,
    fields: &[Field],
    values: &[Value],
    out: &mut Vec<u8>,
) -> Result<()> {
    for (definition, value) in fields.iter().zip(values) {
        let done = match &definition.role {
            Role::Header => {
                out.extend([0; 4]);
                Ok(())
            }
            Role::Counts(arrays) => {
                let lengths = arrays.iter().filter_map(|index| values.get(*index));
                count(definition, lengths.map(Value::len), out)
            }
            Role::Value => field(context, definition, value, out),
        };
        done.map_err(|error| error.in_field(&definition.name))?;
    }
    Ok(())
}

fn count(field: &Field, mut lengths: impl Iterator<Item = usize>, out: &mut Vec<u8>) -> Result<()> {
    let first = lengths.next().unwrap_or_default();
    if let Some(other) = lengths.find(|other| *other != first) {
        let reason = format!("the arrays that share this count have {first} and {other} elements");
        return Err(InField::new(out.len(), reason));
    }
    // `resolve::fields` allows only integers.
    let Type::Scalar(scalar) = field.ty else {
        return Ok(());
    };
    let most = scalar.range().map_or(0, |range| *range.end());
    if first as i128 > most {
        let reason = format!("{first} elements, the count field holds at most {most}");
        return Err(InField::new(out.len(), reason));
    }
    integer(scalar, first as i128, out);
    Ok(())
}

fn field(context: &Context<'_>, field: &Field, value: &Value, out: &mut Vec<u8>) -> Result<()> {
    match value {
        Value::Text(text) => {
            let length = u32::try_from(text.len()).map_err(|_| {
                let most = u32::MAX;
                let reason = format!(
                    "{} elements, the count field holds at most {most}",
                    text.len()
                );
                InField::new(out.len(), reason)
            })?;
            out.extend(length.to_be_bytes());
            out.extend(text);
            Ok(())
        }
        Value::List(items) if field.shape != Shape::One => items
            .iter()
            .try_for_each(|item| one(context, &field.ty, item, out)),
        value => one(context, &field.ty, value, out),
    }
}

fn one(context: &Context<'_>, ty: &Type, value: &Value, out: &mut Vec<u8>) -> Result<()> {
    match value {
        Value::Nothing => {}
        Value::Bool(on) => out.push(u8::from(*on)),
        Value::Single(number) => out.extend(number.to_le_bytes()),
        Value::Double(number) => out.extend(number.to_le_bytes()),
        Value::Bytes(bytes) => out.extend(bytes),
        Value::Integer(_) | Value::Text(_) | Value::List(_) | Value::Fields(_) => match ty {
            Type::Scalar(scalar) => {
                if let Value::Integer(number) = value {
                    integer(*scalar, *number, out);
                }
            }
            Type::Named(id) => return named(context, &context.type_def(*id).shape, value, out),
            Type::Text => {}
        },
    }
    Ok(())
}

fn named(context: &Context<'_>, shape: &TypeShape, value: &Value, out: &mut Vec<u8>) -> Result<()> {
    match (shape, value) {
        (TypeShape::Alias(inner), value) => field(context, inner, value, out),
        (TypeShape::Struct(members), Value::Fields(values)) => {
            fields(context, members, values, out)
        }
        (
            TypeShape::Enum(Enum { wire, .. }) | TypeShape::Flags(Enum { wire, .. }),
            Value::Integer(number),
        ) => {
            integer(*wire, *number, out);
            Ok(())
        }
        // A type has no other kind of value.
        _ => Ok(()),
    }
}

/// Appends a number that fits into the scalar, most significant byte first.
fn integer(scalar: Scalar, number: i128, out: &mut Vec<u8>) {
    let bytes = number.to_be_bytes();
    let size = usize::try_from(scalar.size()).unwrap_or_default();
    out.extend(&bytes[bytes.len() - size..]);
}

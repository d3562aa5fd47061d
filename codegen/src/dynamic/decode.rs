//! Bytes to values.

use super::context::Context;
use super::error::{CodecError, Fault, Inner};
use super::value::Value;
use crate::model::{Field, Message, Role, Scalar, Shape, Type, TypeId, TypeShape};

type Result<T> = std::result::Result<T, Inner<Fault>>;

/// The fields of a payload.
pub fn message(
    context: &Context<'_>,
    message: &Message,
    payload: &[u8],
) -> std::result::Result<Vec<Value>, CodecError> {
    let mut from = Reader {
        context,
        payload,
        at: 0,
    };
    from.message(message)
        .map_err(|mut error| CodecError::Decode {
            place: error.place(&message.name),
            offset: error.offset,
            fault: error.fault,
        })
}

/// The value of a union's arm, whatever the bytes were meant as.
pub fn arm(context: &Context<'_>, arm: &Field, union: &[u8]) -> Option<Value> {
    let mut from = Reader {
        context,
        payload: union,
        at: 0,
    };
    from.field(arm, None).ok()
}

struct Reader<'a> {
    context: &'a Context<'a>,
    payload: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    fn message(&mut self, message: &Message) -> Result<Vec<Value>> {
        self.bytes(message.header.body)?;
        let fields = self.fields(&message.fields)?;
        for at in [message.header.client_index, message.header.context] {
            let at = at.map_or(0, |at| usize::try_from(at).unwrap_or(usize::MAX));
            let remaining = self.payload.len().saturating_sub(at);
            if at > 0 && remaining < 4 {
                let needed = 4;
                return Err(Inner::new(at, Fault::TooShort { needed, remaining }));
            }
        }
        Ok(fields)
    }

    fn fields(&mut self, fields: &[Field]) -> Result<Vec<Value>> {
        let mut values = Vec::with_capacity(fields.len());
        for (place, field) in fields.iter().enumerate() {
            values.push(if field.role == Role::Header {
                self.bytes(4)?;
                Value::Nothing
            } else {
                let count = count(fields, &values, place);
                let value = self.field(field, count);
                value.map_err(|error| error.in_field(&field.name))?
            });
        }
        Ok(values)
    }

    /// `count` is what an array's count field says, where that is a length.
    fn field(&mut self, field: &Field, count: Option<usize>) -> Result<Value> {
        match (&field.ty, &field.shape) {
            (Type::Text, Shape::Array(length)) => self.copy(*length),
            (Type::Text, _) => self.text(),
            (ty, Shape::One) => self.one(ty),
            (Type::Scalar(Scalar::U8), Shape::Array(length)) => self.octets(*length),
            (ty, Shape::Array(length)) => {
                self.spend(*length)?;
                let items = (0..*length).map(|_| self.one(ty));
                items.collect::<Result<_>>().map(Value::List)
            }
            (ty, Shape::Counted(_)) => self.counted(ty, count),
            (ty, Shape::Rest) => self.rest(ty),
        }
    }

    fn one(&mut self, ty: &Type) -> Result<Value> {
        match ty {
            Type::Scalar(scalar) => self.scalar(*scalar),
            Type::Text => self.text(),
            Type::Named(id) => self.named(*id),
            // `resolve::types` leaves none.
            Type::Unresolved(_) => Ok(Value::Nothing),
        }
    }

    fn named(&mut self, id: TypeId) -> Result<Value> {
        let ty = self.context.type_def(id);
        match &ty.shape {
            TypeShape::Struct(fields) => self.fields(fields).map(Value::Fields),
            TypeShape::Union(_) => self.octets(ty.size.min),
            TypeShape::Enum(definition) | TypeShape::Flags(definition) => {
                self.scalar(definition.wire)
            }
            TypeShape::Alias(field) => self.field(field, None),
        }
    }

    fn scalar(&mut self, scalar: Scalar) -> Result<Value> {
        let integer = |number: i128| Ok(Value::Integer(number));
        match scalar {
            Scalar::Bool => self.array().map(|[byte]| Value::Bool(byte != 0)),
            Scalar::U8 => integer(u8::from_be_bytes(self.array()?).into()),
            Scalar::U16 => integer(u16::from_be_bytes(self.array()?).into()),
            Scalar::U32 => integer(u32::from_be_bytes(self.array()?).into()),
            Scalar::U64 => integer(u64::from_be_bytes(self.array()?).into()),
            Scalar::I8 => integer(i8::from_be_bytes(self.array()?).into()),
            Scalar::I16 => integer(i16::from_be_bytes(self.array()?).into()),
            Scalar::I32 => integer(i32::from_be_bytes(self.array()?).into()),
            Scalar::I64 => integer(i64::from_be_bytes(self.array()?).into()),
            // In the order of VPP's host, which is little endian everywhere VPP runs.
            Scalar::F32 => Ok(Value::Single(f32::from_le_bytes(self.array()?))),
            Scalar::F64 => Ok(Value::Double(f64::from_le_bytes(self.array()?))),
        }
    }

    /// A fixed array of bytes; one that is cut is missing the first byte that is not there.
    fn octets(&mut self, length: u64) -> Result<Value> {
        if self.remaining() < length {
            self.at = self.payload.len();
            return Err(self.too_short(1));
        }
        self.copy(length)
    }

    fn copy(&mut self, length: u64) -> Result<Value> {
        self.bytes(length).map(|bytes| Value::Bytes(bytes.to_vec()))
    }

    fn text(&mut self) -> Result<Value> {
        let length = u32::from_be_bytes(self.array()?);
        let count = usize::try_from(length).ok();
        Ok(match self.counted(&Type::Scalar(Scalar::U8), count)? {
            Value::Bytes(bytes) => Value::Text(bytes),
            // `counted` makes bytes of `u8`.
            other => other,
        })
    }

    fn counted(&mut self, ty: &Type, count: Option<usize>) -> Result<Value> {
        let element = self.min_size(ty);
        let fits = self.remaining() / element.max(1);
        let Some(count) = count.filter(|count| *count as u64 <= fits) else {
            let remaining = self.payload.len() - self.at;
            let fault = Fault::Count {
                count,
                element,
                remaining,
            };
            return Err(Inner::new(self.at, fault));
        };
        self.spend(count as u64)?;
        match ty {
            Type::Scalar(Scalar::U8) => self.copy(count as u64),
            _ => (0..count)
                .map(|_| self.one(ty))
                .collect::<Result<_>>()
                .map(Value::List),
        }
    }

    fn rest(&mut self, ty: &Type) -> Result<Value> {
        if *ty == Type::Scalar(Scalar::U8) {
            return self.copy(self.remaining());
        }
        let mut items = Vec::new();
        while self.remaining() > 0 && self.min_size(ty) > 0 {
            items.push(self.one(ty)?);
        }
        Ok(Value::List(items))
    }

    fn min_size(&self, ty: &Type) -> u64 {
        match ty {
            Type::Scalar(scalar) => scalar.size(),
            Type::Named(id) => self.context.type_def(*id).size.min,
            Type::Text | Type::Unresolved(_) => 4,
        }
    }

    fn remaining(&self) -> u64 {
        (self.payload.len() - self.at) as u64
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N]> {
        match self.payload[self.at..].first_chunk() {
            Some(bytes) => {
                self.at += N;
                Ok(*bytes)
            }
            None => Err(self.too_short(N as u64)),
        }
    }

    fn bytes(&mut self, length: u64) -> Result<&'a [u8]> {
        let end = usize::try_from(length)
            .ok()
            .and_then(|length| self.at.checked_add(length));
        match end.and_then(|end| self.payload.get(self.at..end)) {
            Some(bytes) => {
                self.at += bytes.len();
                Ok(bytes)
            }
            None => Err(self.too_short(length)),
        }
    }

    #[cold]
    fn too_short(&self, needed: u64) -> Inner<Fault> {
        let remaining = self.payload.len() - self.at;
        Inner::new(self.at, Fault::TooShort { needed, remaining })
    }

    fn spend(&self, values: u64) -> Result<()> {
        if self.context.spend(values) {
            Ok(())
        } else {
            Err(Inner::new(self.at, Fault::TooLarge))
        }
    }
}

/// What the count field of the array at `place` says, if it is a length.
fn count(fields: &[Field], values: &[Value], place: usize) -> Option<usize> {
    let counts =
        |field: &Field| matches!(&field.role, Role::Counts(arrays) if arrays.contains(&place));
    match values.get(fields.iter().position(counts)?)? {
        Value::Integer(count) => usize::try_from(*count).ok(),
        _ => None,
    }
}

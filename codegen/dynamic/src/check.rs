//! Checks that bytes are a message, without building its values.
//!
//! Every count is compared with the remaining bytes. Only the counts of the current structs are
//! allocated, so memory depends on the definition alone.

use super::context::Context;
use super::cursor::{Counts, Cursor};
use super::error::{CodecError, Fault, InField};
use vpp_definitions::model::{Field, Message, Role, Scalar, Shape, Type, TypeId, TypeShape};

type Result<T> = std::result::Result<T, InField<Fault>>;

/// Checks that `payload` is the message.
///
/// # Errors
/// The first field that does not match.
pub fn message(
    context: &Context<'_>,
    message: &Message,
    payload: &[u8],
) -> std::result::Result<(), CodecError> {
    let mut from = Reader {
        context,
        payload,
        at: 0,
    };
    from.message(message)
        .map_err(|mut error| CodecError::Decode {
            path: error.path(&message.name),
            offset: error.offset,
            fault: error.fault,
        })
}

struct Reader<'a> {
    context: &'a Context<'a>,
    payload: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    fn message(&mut self, message: &Message) -> Result<()> {
        self.bytes(message.header.body)?;
        self.fields(&message.fields)?;
        for at in [message.header.client_index, message.header.context] {
            let at = at.map_or(0, |at| usize::try_from(at).unwrap_or(usize::MAX));
            let remaining = self.payload.len().saturating_sub(at);
            if at > 0 && remaining < 4 {
                let needed = 4;
                return Err(InField::new(at, Fault::TooShort { needed, remaining }));
            }
        }
        Ok(())
    }

    fn fields(&mut self, fields: &[Field]) -> Result<()> {
        let mut counts = Counts::default();
        for (index, field) in fields.iter().enumerate() {
            match &field.role {
                Role::Header => {
                    self.bytes(4)?;
                }
                Role::Counts(arrays) => {
                    let count = self.count(field);
                    let count = count.map_err(|error| error.in_field(&field.name))?;
                    counts.set(arrays, count);
                }
                Role::Value => self
                    .field(field, || counts.of(index))
                    .map_err(|error| error.in_field(&field.name))?,
            }
        }
        Ok(())
    }

    /// Reads a count field. Returns `None` if its value is not a length.
    fn count(&mut self, field: &Field) -> Result<Option<usize>> {
        // `resolve::fields` allows only integers.
        let Type::Scalar(scalar) = field.ty else {
            return Ok(None);
        };
        let bytes = self.bytes(scalar.size())?;
        Ok(Cursor::new(self.context, bytes).count(scalar))
    }

    /// Reads a field. `count` returns the value of its count field, if that is a length.
    fn field(&mut self, field: &Field, count: impl Fn() -> Option<usize>) -> Result<()> {
        match (&field.ty, &field.shape) {
            (Type::Text, Shape::Array(length)) => self.bytes(*length).map(drop),
            (Type::Text, _) => self.text(),
            (ty, Shape::One) => self.one(ty),
            (Type::Scalar(Scalar::U8), Shape::Array(length)) => self.octets(*length),
            (ty, Shape::Array(length)) => self.many(ty, *length),
            (ty, Shape::Counted(_)) => self.counted(ty, count()).map(drop),
            (ty, Shape::Rest) => self.rest(ty),
        }
    }

    fn one(&mut self, ty: &Type) -> Result<()> {
        match ty {
            Type::Scalar(scalar) => self.bytes(scalar.size()).map(drop),
            Type::Text => self.text(),
            Type::Named(id) => self.named(*id),
        }
    }

    fn named(&mut self, id: TypeId) -> Result<()> {
        let ty = self.context.type_def(id);
        if !ty.size.variable && ty.size.min <= self.remaining() {
            return self.skip(ty.size.min, self.context.element_count(id));
        }
        match &ty.shape {
            TypeShape::Struct(fields) => self.fields(fields),
            TypeShape::Union(_) => self.octets(ty.size.min),
            TypeShape::Enum(definition) | TypeShape::Flags(definition) => {
                self.bytes(definition.wire.size()).map(drop)
            }
            TypeShape::Alias(field) => self.field(field, || None),
        }
    }

    /// Skips a value of fixed size that fits into the remaining bytes. Nothing in it can fail.
    fn skip(&mut self, size: u64, values: u64) -> Result<()> {
        self.spend(values)?;
        self.bytes(size).map(drop)
    }

    /// Reads `length` elements of `ty`: in one step if they have a fixed size and are complete.
    fn many(&mut self, ty: &Type, length: u64) -> Result<()> {
        let size = self.min_size(ty).saturating_mul(length);
        if !self.is_variable(ty) && size <= self.remaining() {
            return self.skip(size, length.saturating_mul(self.values(ty)));
        }
        self.spend(length)?;
        (0..length).try_for_each(|_| self.one(ty))
    }

    /// Reads a fixed array of bytes. If it is incomplete, the error is at its first missing byte.
    fn octets(&mut self, length: u64) -> Result<()> {
        if self.remaining() < length {
            self.at = self.payload.len();
            return Err(self.too_short(1));
        }
        self.bytes(length).map(drop)
    }

    fn text(&mut self) -> Result<()> {
        let length = u32::from_be_bytes(self.array()?);
        let count = usize::try_from(length).ok();
        self.counted(&Type::Scalar(Scalar::U8), count).map(drop)
    }

    /// Reads an array with a count and returns its bytes.
    fn counted(&mut self, ty: &Type, count: Option<usize>) -> Result<&'a [u8]> {
        let element = self.min_size(ty);
        let fits = self.remaining() / element.max(1);
        let Some(count) = count.filter(|count| *count as u64 <= fits) else {
            let remaining = self.payload.len() - self.at;
            let fault = Fault::Count {
                count,
                element,
                remaining,
            };
            return Err(InField::new(self.at, fault));
        };
        let start = self.at;
        self.many(ty, count as u64)?;
        Ok(self.payload.get(start..self.at).unwrap_or_default())
    }

    fn rest(&mut self, ty: &Type) -> Result<()> {
        let element = self.min_size(ty);
        if element > 0 && !self.is_variable(ty) {
            self.many(ty, self.remaining() / element)?;
        }
        while self.remaining() > 0 && element > 0 {
            self.one(ty)?;
        }
        Ok(())
    }

    fn min_size(&self, ty: &Type) -> u64 {
        self.context.min_size(ty)
    }

    fn is_variable(&self, ty: &Type) -> bool {
        match ty {
            Type::Scalar(_) => false,
            Type::Named(id) => self.context.type_def(*id).size.variable,
            Type::Text => true,
        }
    }

    /// The number of values that an element counts as. An array of bytes is one value.
    fn values(&self, ty: &Type) -> u64 {
        match ty {
            Type::Scalar(Scalar::U8) => 0,
            Type::Named(id) => self.context.element_count(*id).saturating_add(1),
            Type::Scalar(_) | Type::Text => 1,
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
    fn too_short(&self, needed: u64) -> InField<Fault> {
        let remaining = self.payload.len() - self.at;
        InField::new(self.at, Fault::TooShort { needed, remaining })
    }

    fn spend(&self, values: u64) -> Result<()> {
        if self.context.spend(values) {
            Ok(())
        } else {
            Err(InField::new(self.at, Fault::TooLarge))
        }
    }
}

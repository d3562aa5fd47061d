//! Finds the `u32` values of a payload, by which VPP's objects are numbered.

use super::context::Context;
use super::cursor::{Counts, Cursor};
use vpp_definitions::model::{Field, Message, Role, Scalar, Shape, Type, TypeShape};

/// A `u32` of a payload.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Word<'a> {
    /// The name of the innermost field that has it, not of an alias in between.
    pub field: &'a str,
    /// The name of the alias that is its type, without `vl_api_` and `_t`.
    pub alias: Option<&'a str>,
    /// The number of structs around it: 0 for a field of the message.
    pub depth: usize,
    /// The offset in the payload, counted from the message id.
    pub offset: usize,
    /// The value.
    pub value: u32,
}

/// Calls `found` for every word of a payload that [`check`](super::check) accepted.
pub fn visit(
    context: &Context<'_>,
    message: &Message,
    payload: &[u8],
    found: &mut dyn FnMut(Word<'_>),
) {
    let from = Cursor::new(context, payload);
    from.take(message.header.body);
    let mut visitor = Visitor {
        from: &from,
        size: payload.len(),
        found,
    };
    visitor.fields(&message.fields, 0);
}

struct Visitor<'a, 'v> {
    from: &'a Cursor<'a>,
    size: usize,
    found: &'v mut dyn FnMut(Word<'_>),
}

/// The field whose value is read.
#[derive(Clone, Copy)]
struct Place<'a> {
    field: &'a str,
    alias: Option<&'a str>,
    depth: usize,
}

impl Visitor<'_, '_> {
    fn fields(&mut self, fields: &[Field], depth: usize) {
        let mut counts = Counts::default();
        for (index, field) in fields.iter().enumerate() {
            match (&field.role, &field.ty) {
                (Role::Header, _) => {
                    self.from.take(4);
                }
                (Role::Counts(arrays), Type::Scalar(scalar)) => {
                    counts.set(arrays, self.from.count(*scalar));
                }
                // `resolve::fields` allows only integers.
                (Role::Counts(_), _) => {}
                (Role::Value, _) => {
                    let place = Place {
                        field: &field.name,
                        alias: None,
                        depth,
                    };
                    self.field(field, counts.of(index).unwrap_or_default(), place);
                }
            }
        }
    }

    fn field(&mut self, field: &Field, count: usize, place: Place<'_>) {
        let bytes = Type::Scalar(Scalar::U8);
        match (&field.ty, &field.shape) {
            (Type::Text, Shape::Array(length)) => {
                self.from.take(*length);
            }
            (Type::Text, _) | (_, Shape::One) => self.one(&field.ty, place),
            (ty, Shape::Array(length)) if *ty == bytes => {
                self.from.take(*length);
            }
            (ty, Shape::Counted(_)) if *ty == bytes => {
                self.from.take(count as u64);
            }
            (ty, Shape::Array(length)) => (0..*length).for_each(|_| self.one(ty, place)),
            (ty, Shape::Counted(_)) => (0..count).for_each(|_| self.one(ty, place)),
            (ty, Shape::Rest) => {
                let is_empty = self.from.context.min_size(ty) == 0;
                while !is_empty && !self.from.rest().is_empty() {
                    self.one(ty, place);
                }
            }
        }
    }

    fn one(&mut self, ty: &Type, place: Place<'_>) {
        match ty {
            Type::Scalar(Scalar::U32) => {
                let offset = self.size - self.from.rest().len();
                let Place {
                    field,
                    alias,
                    depth,
                } = place;
                let value = u32::from_be_bytes(self.from.array());
                (self.found)(Word {
                    field,
                    alias,
                    depth,
                    offset,
                    value,
                });
            }
            Type::Scalar(scalar) => {
                self.from.take(scalar.size());
            }
            Type::Text => {
                let length = u32::from_be_bytes(self.from.array());
                self.from.take(length.into());
            }
            Type::Named(id) => {
                let ty = self.from.context.type_def(*id);
                match &ty.shape {
                    TypeShape::Struct(fields) => self.fields(fields, place.depth + 1),
                    TypeShape::Union(_) => {
                        self.from.take(ty.size.min);
                    }
                    TypeShape::Enum(definition) | TypeShape::Flags(definition) => {
                        self.from.take(definition.wire.size());
                    }
                    TypeShape::Alias(field) => {
                        let alias = Some(ty.name.as_str());
                        self.field(field, 0, Place { alias, ..place });
                    }
                }
            }
        }
    }
}

//! Writes the JSON of a payload directly from its bytes, without building values.

use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};

use super::super::cursor::{Counts, Cursor};
use super::hex::Hex;
use crate::special;
use vpp_definitions::model::{Enum, Field, Message, Role, Scalar, Shape, Type, TypeId, TypeShape};

/// The object of a struct or message. Serializing reads its fields from `from`.
pub struct Fields<'a> {
    pub from: &'a Cursor<'a>,
    pub message: Option<&'a Message>,
    pub fields: &'a [Field],
}

impl Serialize for Fields<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let from = self.from;
        let mut map = to.serialize_map(None)?;
        if let Some(message) = self.message {
            from.take(message.header.body);
            map.serialize_entry("_msgname", &message.name)?;
            map.serialize_entry("_crc", &format_args!("{:08x}", message.crc))?;
        }
        let mut counts = Counts::default();
        for (index, field) in self.fields.iter().enumerate() {
            match (&field.role, &field.ty) {
                (Role::Header, _) => {
                    from.take(4);
                }
                (Role::Counts(arrays), Type::Scalar(scalar)) => {
                    let count = from.count(*scalar).unwrap_or_default();
                    map.serialize_entry(&field.name, &count)?;
                    counts.set(arrays, Some(count));
                }
                // `resolve::fields` allows only integers.
                (Role::Counts(_), _) => {}
                (Role::Value, _) => {
                    let count = match field.shape {
                        Shape::Counted(_) => counts.of(index).unwrap_or_default(),
                        _ => 0,
                    };
                    let value = OfField { from, field, count };
                    map.serialize_entry(&field.name, &value)?;
                }
            }
        }
        map.end()
    }
}

/// The value of a field, an alias or an arm.
struct OfField<'a> {
    from: &'a Cursor<'a>,
    field: &'a Field,
    /// The number of elements of an array with a count field.
    count: usize,
}

impl Serialize for OfField<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let Self { from, field, count } = *self;
        match (&field.ty, &field.shape) {
            (Type::Text, Shape::Array(length)) => fixed_string(from.take(*length), to),
            (Type::Text, _) => text(from, to),
            (ty, Shape::One) => One { from, ty }.serialize(to),
            (Type::Scalar(Scalar::U8), Shape::Array(length)) => {
                Hex(from.take(*length)).serialize(to)
            }
            (Type::Scalar(Scalar::U8), Shape::Counted(_)) => {
                Hex(from.take(count as u64)).serialize(to)
            }
            (Type::Scalar(Scalar::U8), Shape::Rest) => Hex(from.take(u64::MAX)).serialize(to),
            (ty, Shape::Array(length)) => to.collect_seq((0..*length).map(|_| One { from, ty })),
            (ty, Shape::Counted(_)) => to.collect_seq((0..count).map(|_| One { from, ty })),
            (ty, Shape::Rest) => {
                let is_empty = from.context.min_size(ty) == 0;
                let one = || (!is_empty && !from.rest().is_empty()).then_some(One { from, ty });
                to.collect_seq(std::iter::from_fn(one))
            }
        }
    }
}

/// One value of a type.
struct One<'a> {
    from: &'a Cursor<'a>,
    ty: &'a Type,
}

impl Serialize for One<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self.ty {
            Type::Scalar(scalar) => of_scalar(self.from, *scalar, to),
            Type::Text => text(self.from, to),
            Type::Named(id) => named(self.from, *id, to),
        }
    }
}

fn of_scalar<S: Serializer>(from: &Cursor<'_>, scalar: Scalar, to: S) -> Result<S::Ok, S::Error> {
    match scalar {
        Scalar::Bool => to.serialize_bool(from.array() != [0]),
        // Floats have the byte order of VPP's host, which is little endian on all its platforms.
        Scalar::F32 => to.serialize_f32(f32::from_le_bytes(from.array())),
        Scalar::F64 => to.serialize_f64(f64::from_le_bytes(from.array())),
        _ => integer(from.integer(scalar), to),
    }
}

fn named<S: Serializer>(from: &Cursor<'_>, id: TypeId, to: S) -> Result<S::Ok, S::Error> {
    let context = from.context;
    let ty = context.type_def(id);
    let size = usize::try_from(ty.size.min).unwrap_or(usize::MAX);
    let text = from.rest().get(..size);
    if let Some(text) = text.and_then(|bytes| special::text(context.special(id), bytes)) {
        from.take(ty.size.min);
        return to.serialize_str(&text);
    }
    match &ty.shape {
        TypeShape::Struct(fields) => {
            let message = None;
            Fields {
                from,
                message,
                fields,
            }
            .serialize(to)
        }
        TypeShape::Union(arms) => union(from, arms, ty.size.min, to),
        TypeShape::Enum(definition) => {
            let number = from.integer(definition.wire);
            let mut constants = definition.constants.iter();
            match constants.find(|constant| constant.value == number) {
                Some(constant) => to.serialize_str(&constant.name),
                None => integer(number, to),
            }
        }
        TypeShape::Flags(definition) => flags(definition, from.integer(definition.wire), to),
        TypeShape::Alias(field) => {
            let count = 0;
            OfField { from, field, count }.serialize(to)
        }
    }
}

/// Writes an object with all arms. No arm is larger than its union.
fn union<S: Serializer>(
    from: &Cursor<'_>,
    arms: &[Field],
    size: u64,
    to: S,
) -> Result<S::Ok, S::Error> {
    let bytes = from.take(size);
    let mut map = to.serialize_map(None)?;
    for field in arms {
        let from = &Cursor::new(from.context, bytes);
        let count = 0;
        map.serialize_entry(&field.name, &OfField { from, field, count })?;
    }
    map.end()
}

/// Writes the names of the bits that are set, then the remaining bits as a number.
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

/// Writes a string of fixed size as text. Writes an array of bytes if they are not UTF-8 or if
/// other bytes follow the NUL.
fn fixed_string<S: Serializer>(whole: &[u8], to: S) -> Result<S::Ok, S::Error> {
    let end = whole.iter().position(|byte| *byte == 0);
    let (text, rest) = whole.split_at(end.unwrap_or(whole.len()));
    match std::str::from_utf8(text) {
        Ok(text) if rest.iter().all(|byte| *byte == 0) => to.serialize_str(text),
        _ => to.collect_seq(whole),
    }
}

/// Writes a string of variable size as text, or as an array of bytes if they are not UTF-8.
fn text<S: Serializer>(from: &Cursor<'_>, to: S) -> Result<S::Ok, S::Error> {
    let length = u32::from_be_bytes(from.array());
    let bytes = from.take(length.into());
    match std::str::from_utf8(bytes) {
        Ok(text) => to.serialize_str(text),
        Err(_) => to.collect_seq(bytes),
    }
}

//! Type fingerprints: generated code compares them to recognize a type that is generated
//! elsewhere.

use std::fmt::Write;

use crate::crc::Fold;
use crate::model::{Enum, Field, Shape, Type, TypeDef, TypeShape};

/// The fingerprint of a type. It covers the name, kind, fields and values of the type, and the
/// types of its fields. It does not cover documentation, defaults and discriminators, which do
/// not affect the bytes.
pub fn of(name: &str, shape: &TypeShape, types: &[TypeDef]) -> u32 {
    let mut text = format!("{name} ");
    match shape {
        TypeShape::Struct(fields) => self::fields(types, "struct", fields, &mut text),
        TypeShape::Union(arms) => fields(types, "union", arms, &mut text),
        TypeShape::Alias(value) => fields(types, "alias", std::slice::from_ref(value), &mut text),
        TypeShape::Enum(of) => constants("enum", of, &mut text),
        TypeShape::Flags(of) => constants("flags", of, &mut text),
    }
    Fold::of(text.as_bytes()).crc()
}

// Writing to a `String` is infallible.

fn fields(types: &[TypeDef], kind: &str, fields: &[Field], text: &mut String) {
    text.push_str(kind);
    for field in fields {
        let ty = match &field.ty {
            Type::Scalar(scalar) => scalar.name().to_owned(),
            Type::Text => "string".to_owned(),
            Type::Named(id) => format!("{}:{:08x}", types[*id].name, types[*id].fingerprint),
        };
        let shape = match &field.shape {
            Shape::One => String::new(),
            Shape::Array(length) => format!("[{length}]"),
            Shape::Counted(count) => format!("[{}]", fields[*count].name),
            Shape::Rest => "[]".to_owned(),
        };
        let _ = write!(text, " {} {ty}{shape};", field.name);
    }
}

fn constants(kind: &str, of: &Enum, text: &mut String) {
    let _ = write!(text, "{kind} {}", of.wire.name());
    for constant in &of.constants {
        let _ = write!(text, " {}={};", constant.name, constant.value);
    }
}

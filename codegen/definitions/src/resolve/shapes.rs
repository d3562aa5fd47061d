//! One number for all that a type is, by which generated code knows a type made elsewhere.

use std::fmt::Write;

use crate::crc::Fold;
use crate::model::{Api, Enum, Field, Shape, Type, TypeId, TypeShape};

/// Sums up the types. None contains itself: `lengths` has seen to that.
///
/// Names, kinds, fields and values count, and what fields are in turn; documentation,
/// defaults and discriminators, which no byte depends on, do not.
pub fn sum(api: &mut Api) {
    let mut sums = vec![None; api.types.len()];
    for id in 0..api.types.len() {
        let sum = of(api, id, &mut sums);
        api.types[id].sum = sum;
    }
}

fn of(api: &Api, id: TypeId, sums: &mut [Option<u32>]) -> u32 {
    if let Some(sum) = sums[id] {
        return sum;
    }
    let type_def = &api.types[id];
    let mut text = format!("{} ", type_def.name);
    match &type_def.shape {
        TypeShape::Struct(fields) => self::fields(api, "struct", fields, &mut text, sums),
        TypeShape::Union(arms) => fields(api, "union", arms, &mut text, sums),
        TypeShape::Alias(target) => {
            fields(api, "alias", std::slice::from_ref(target), &mut text, sums);
        }
        TypeShape::Enum(of) => constants("enum", of, &mut text),
        TypeShape::Flags(of) => constants("flags", of, &mut text),
    }
    let sum = Fold::of(text.as_bytes()).crc();
    sums[id] = Some(sum);
    sum
}

fn fields(api: &Api, kind: &str, fields: &[Field], text: &mut String, sums: &mut [Option<u32>]) {
    text.push_str(kind);
    for field in fields {
        let ty = match &field.ty {
            Type::Scalar(scalar) => scalar.name().to_owned(),
            Type::Text => "string".to_owned(),
            Type::Named(id) => format!("{}:{:08x}", api.types[*id].name, of(api, *id, sums)),
            Type::Unresolved(name) => name.clone(),
        };
        let shape = match &field.shape {
            Shape::One => String::new(),
            Shape::Array(length) => format!("[{length}]"),
            Shape::Counted(count) => format!("[{count}]"),
            Shape::Rest => "[]".to_owned(),
        };
        // Writing to a string meets no error.
        let _ = write!(text, " {} {ty}{shape};", field.name);
    }
}

fn constants(kind: &str, of: &Enum, text: &mut String) {
    let _ = write!(text, "{kind} {}", of.wire.name());
    for constant in &of.constants {
        let _ = write!(text, " {}={};", constant.name, constant.value);
    }
}

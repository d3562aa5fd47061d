//! Decides which traits the Rust types derive.

use crate::model::{
    DEFAULT_ARRAY, DefaultValue, Derives, Field, Shape, Size, Special, Type, TypeDef, TypeShape,
    aliased_prefix,
};

const OF_ENUMS: Derives = Derives {
    debug: false,
    copy: true,
    eq: true,
    ord: true,
    default: true,
};

/// The traits of a type. `types` has the types of its fields.
pub fn of_type(shape: &TypeShape, size: Size, special: Special, types: &[TypeDef]) -> Derives {
    let has_debug = special != Special::None;
    match shape {
        TypeShape::Enum(_) => OF_ENUMS,
        TypeShape::Flags(_) => Derives {
            debug: true,
            ..OF_ENUMS
        },
        TypeShape::Union(_) => Derives {
            debug: true,
            copy: true,
            eq: true,
            ord: false,
            default: size.min <= DEFAULT_ARRAY,
        },
        TypeShape::Struct(fields) => {
            let derives = of_fields(fields, types);
            Derives {
                debug: !has_debug,
                copy: derives.copy && !size.variable,
                ..derives
            }
        }
        TypeShape::Alias(field) => {
            let derives = of_fields(std::slice::from_ref(field), types);
            let is_prefix = aliased_prefix(field, types).is_some();
            let is_integer = matches!(field.ty, Type::Scalar(scalar) if scalar.range().is_some());
            Derives {
                debug: !has_debug && !is_prefix,
                copy: derives.copy && !size.variable,
                ord: is_integer && field.shape == Shape::One,
                ..derives
            }
        }
    }
}

/// The traits of a message.
pub fn of_message(fields: &[Field], types: &[TypeDef]) -> Derives {
    Derives {
        copy: false,
        ..of_fields(fields, types)
    }
}

fn of_fields(fields: &[Field], types: &[TypeDef]) -> Derives {
    let mut all = Derives {
        debug: true,
        copy: true,
        eq: true,
        ord: false,
        default: true,
    };
    for field in fields.iter().filter(|field| field.is_value()) {
        match &field.ty {
            Type::Scalar(scalar) => all.eq &= !scalar.is_float(),
            Type::Named(id) => {
                all.eq &= types[*id].derives.eq;
                all.copy &= types[*id].derives.copy;
            }
            Type::Text => {}
        }
        let is_long = matches!(field.shape, Shape::Array(length) if length > DEFAULT_ARRAY);
        let is_zero = match field.default.as_ref().and_then(|default| default.value) {
            None | Some(DefaultValue::Bool(false) | DefaultValue::Integer(0)) => true,
            Some(DefaultValue::Float(number)) => number == 0.0,
            Some(_) => false,
        };
        all.default &= is_zero && (!is_long || field.ty == Type::Text);
    }
    all
}

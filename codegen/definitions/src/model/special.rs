//! The types that have a counterpart in `std::net` or `ipnet`, known by name and shape.

use super::{Api, Field, Scalar, Shape, Type, TypeDef, TypeShape};

/// What a type is beyond its fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Special {
    None,
    Ip4Address,
    Ip6Address,
    MacAddress,
    Address,
    Prefix,
    Ip4Prefix,
    Ip6Prefix,
}

impl Special {
    /// What a type is, of a model whose sizes are known.
    pub fn of(api: &Api, ty: &TypeDef) -> Self {
        match &ty.shape {
            TypeShape::Struct(fields) => of_struct(api, ty, fields),
            TypeShape::Alias(field) => of_alias(&ty.name, field),
            TypeShape::Union(_) | TypeShape::Enum(_) | TypeShape::Flags(_) => Self::None,
        }
    }
}

fn of_struct(api: &Api, ty: &TypeDef, fields: &[Field]) -> Special {
    let [first, second] = fields else {
        return Special::None;
    };
    let is = |field: &Field, name: &str, target: &str, size: u64| {
        let named = |id: usize| api.types[id].name == target && api.types[id].size.min == size;
        let is_type = matches!(field.ty, Type::Named(id) if named(id));
        field.name == name && field.shape == Shape::One && is_type
    };
    let is_length = second.name == "len" && second.ty == Type::Scalar(Scalar::U8);
    match ty.name.as_str() {
        "address"
            if is(first, "af", "address_family", 1)
                && is_enum(api, first)
                && is(second, "un", "address_union", 16) =>
        {
            Special::Address
        }
        "prefix" if is(first, "address", "address", 17) && is_length => Special::Prefix,
        "ip4_prefix" if is(first, "address", "ip4_address", 4) && is_length => Special::Ip4Prefix,
        "ip6_prefix" if is(first, "address", "ip6_address", 16) && is_length => Special::Ip6Prefix,
        _ => Special::None,
    }
}

fn of_alias(name: &str, field: &Field) -> Special {
    let bytes =
        |length| field.ty == Type::Scalar(Scalar::U8) && field.shape == Shape::Array(length);
    match name {
        "ip4_address" if bytes(4) => Special::Ip4Address,
        "ip6_address" if bytes(16) => Special::Ip6Address,
        "mac_address" if bytes(6) => Special::MacAddress,
        _ => Special::None,
    }
}

fn is_enum(api: &Api, field: &Field) -> bool {
    matches!(field.ty, Type::Named(id) if matches!(api.types[id].shape, TypeShape::Enum(_)))
}

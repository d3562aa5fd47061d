//! Recognizes, by name and fields, types that have a counterpart in `std::net` or `ipnet`.

use super::{Field, Scalar, Shape, Type, TypeDef, TypeShape};

/// The counterpart of a type in `std::net` or `ipnet`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Special {
    /// No counterpart.
    #[default]
    None,
    /// `Ipv4Addr`.
    Ip4Address,
    /// `Ipv6Addr`.
    Ip6Address,
    /// A MAC address. The runtime implements its text form.
    MacAddress,
    /// `IpAddr`.
    Address,
    /// `IpNet`.
    Prefix,
    /// `Ipv4Net`.
    Ip4Prefix,
    /// `Ipv6Net`.
    Ip6Prefix,
}

impl Special {
    /// The counterpart of the type `name`. `types` has the types of its fields.
    pub fn of(name: &str, shape: &TypeShape, types: &[TypeDef]) -> Self {
        match shape {
            TypeShape::Struct(fields) => of_struct(name, fields, types),
            TypeShape::Alias(field) => of_alias(name, field),
            TypeShape::Union(_) | TypeShape::Enum(_) | TypeShape::Flags(_) => Self::None,
        }
    }
}

/// The prefix type that `field`, the value of an alias, has.
pub fn aliased_prefix(field: &Field, types: &[TypeDef]) -> Option<Special> {
    let (Type::Named(id), Shape::One) = (&field.ty, &field.shape) else {
        return None;
    };
    let special = types[*id].special;
    let is_prefix = matches!(
        special,
        Special::Prefix | Special::Ip4Prefix | Special::Ip6Prefix
    );
    is_prefix.then_some(special)
}

fn of_struct(name: &str, fields: &[Field], types: &[TypeDef]) -> Special {
    let [first, second] = fields else {
        return Special::None;
    };
    let is = |field: &Field, name: &str, target: &str, size: u64| {
        let named = |id: usize| types[id].name == target && types[id].size.min == size;
        let is_type = matches!(field.ty, Type::Named(id) if named(id));
        field.name == name && field.shape == Shape::One && is_type
    };
    let is_length = second.name == "len" && second.ty == Type::Scalar(Scalar::U8);
    match name {
        "address"
            if is(first, "af", "address_family", 1)
                && is_enum(first, types)
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

fn is_enum(field: &Field, types: &[TypeDef]) -> bool {
    matches!(field.ty, Type::Named(id) if matches!(types[id].shape, TypeShape::Enum(_)))
}

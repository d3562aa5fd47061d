//! The types that have a counterpart in `std::net` or `ipnet`, known by name and shape.

use proc_macro2::TokenStream;
use quote::quote;
use syn::Ident;

use super::Context;
use crate::model::{Field, Scalar, Shape, Type, TypeDef, TypeShape};

/// What a type is beyond its fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Special {
    None,
    Ip4Address,
    Ip6Address,
    MacAddress,
    Address,
    Prefix,
    Ip4Prefix,
    Ip6Prefix,
    /// A newtype over one of the prefixes.
    PrefixAlias(&'static str),
}

pub(super) fn of_struct(context: &Context<'_>, type_def: &TypeDef) -> Special {
    let [first, second] = type_def.fields() else {
        return Special::None;
    };
    let is = |field: &Field, name: &str, target: &str| {
        field.name == name && field.shape == Shape::One && names_type(context, field, target)
    };
    let is_length = second.name == "len" && second.ty == Type::Scalar(Scalar::U8);
    match type_def.name.as_str() {
        "address"
            if is(first, "af", "address_family")
                && is_wire(context, first, Scalar::U8)
                && is(second, "un", "address_union") =>
        {
            Special::Address
        }
        "prefix" if is(first, "address", "address") && is_length => Special::Prefix,
        "ip4_prefix" if is(first, "address", "ip4_address") && is_length => Special::Ip4Prefix,
        "ip6_prefix" if is(first, "address", "ip6_address") && is_length => Special::Ip6Prefix,
        _ => Special::None,
    }
}

pub(super) fn of_alias(context: &Context<'_>, type_def: &TypeDef) -> Special {
    let TypeShape::Alias(field) = &type_def.shape else {
        return Special::None;
    };
    let bytes =
        |length| field.ty == Type::Scalar(Scalar::U8) && field.shape == Shape::Array(length);
    match type_def.name.as_str() {
        "ip4_address" if bytes(4) => Special::Ip4Address,
        "ip6_address" if bytes(16) => Special::Ip6Address,
        "mac_address" if bytes(6) => Special::MacAddress,
        _ => match (&field.ty, &field.shape) {
            (Type::Named(id), Shape::One) => match of_struct(context, &context.api.types[*id]) {
                Special::Prefix => Special::PrefixAlias("IpNet"),
                Special::Ip4Prefix => Special::PrefixAlias("Ipv4Net"),
                Special::Ip6Prefix => Special::PrefixAlias("Ipv6Net"),
                _ => Special::None,
            },
            _ => Special::None,
        },
    }
}

fn names_type(context: &Context<'_>, field: &Field, target: &str) -> bool {
    matches!(field.ty, Type::Named(id) if context.api.types[id].name == target)
}

fn is_wire(context: &Context<'_>, field: &Field, wire: Scalar) -> bool {
    let Type::Named(id) = field.ty else {
        return false;
    };
    matches!(&context.api.types[id].shape, TypeShape::Enum(definition) if definition.wire == wire)
}

impl Special {
    /// The conversions bring a `Debug` that prints text.
    pub(super) fn writes_debug(self) -> bool {
        self != Self::None
    }

    pub(super) fn conversions(self, context: &Context<'_>, rust: &Ident) -> TokenStream {
        let wire = &context.options.wire;
        match self {
            Self::None => TokenStream::new(),
            Self::Ip4Address => quote!(#wire::ip4_address!(#rust);),
            Self::Ip6Address => quote!(#wire::ip6_address!(#rust);),
            Self::MacAddress => quote!(#wire::mac_address!(#rust);),
            Self::Address => quote!(#wire::address!(#rust);),
            Self::Prefix => quote!(#wire::prefix!(#rust);),
            Self::Ip4Prefix => quote!(#wire::ip4_prefix!(#rust);),
            Self::Ip6Prefix => quote!(#wire::ip6_prefix!(#rust);),
            Self::PrefixAlias(net) => {
                let net = crate::names::ident(net);
                quote!(#wire::prefix_alias!(#rust, #wire::ipnet::#net);)
            }
        }
    }

    /// The standard type that decides whether the text says all, for structs.
    pub(super) fn standard(self, context: &Context<'_>) -> Option<TokenStream> {
        let wire = &context.options.wire;
        match self {
            Self::Address => Some(quote!(::std::net::IpAddr)),
            Self::Prefix => Some(quote!(#wire::ipnet::IpNet)),
            Self::Ip4Prefix => Some(quote!(#wire::ipnet::Ipv4Net)),
            Self::Ip6Prefix => Some(quote!(#wire::ipnet::Ipv6Net)),
            _ => None,
        }
    }
}

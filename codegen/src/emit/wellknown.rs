//! What generated code has for types with a counterpart in `std::net` or `ipnet`.

use proc_macro2::TokenStream;
use quote::quote;
use syn::Ident;

use super::Context;
use crate::model::{Field, Shape, Special, Type};
use crate::names;

/// The standard type of the prefix that an alias is another name of.
pub(super) fn prefix_alias(context: &Context<'_>, field: &Field) -> Option<Ident> {
    let (Type::Named(id), Shape::One) = (&field.ty, &field.shape) else {
        return None;
    };
    let net = match Special::of(context.api, &context.api.types[*id]) {
        Special::Prefix => "IpNet",
        Special::Ip4Prefix => "Ipv4Net",
        Special::Ip6Prefix => "Ipv6Net",
        _ => return None,
    };
    Some(names::ident(net))
}

/// Whether the conversions include a `Debug` that prints text.
pub(super) fn writes_debug(special: Special) -> bool {
    special != Special::None
}

pub(super) fn conversions(special: Special, context: &Context<'_>, rust: &Ident) -> TokenStream {
    let wire = &context.options.wire;
    match special {
        Special::None => TokenStream::new(),
        Special::Ip4Address => quote!(#wire::ip4_address!(#rust);),
        Special::Ip6Address => quote!(#wire::ip6_address!(#rust);),
        Special::MacAddress => quote!(#wire::mac_address!(#rust);),
        Special::Address => quote!(#wire::address!(#rust);),
        Special::Prefix => quote!(#wire::prefix!(#rust);),
        Special::Ip4Prefix => quote!(#wire::ip4_prefix!(#rust);),
        Special::Ip6Prefix => quote!(#wire::ip6_prefix!(#rust);),
    }
}

/// The standard type that decides whether the text says all, for structs.
pub(super) fn standard(special: Special, context: &Context<'_>) -> Option<TokenStream> {
    let wire = &context.options.wire;
    match special {
        Special::Address => Some(quote!(::std::net::IpAddr)),
        Special::Prefix => Some(quote!(#wire::ipnet::IpNet)),
        Special::Ip4Prefix => Some(quote!(#wire::ipnet::Ipv4Net)),
        Special::Ip6Prefix => Some(quote!(#wire::ipnet::Ipv6Net)),
        _ => None,
    }
}

//! Conversions of types that have a counterpart in `std::net` or `ipnet`.

use proc_macro2::TokenStream;
use quote::quote;
use syn::Ident;

use super::Context;
use crate::model::{Special, TypeDef};
use crate::names;

/// The standard type of the prefix of which a type is an alias.
pub(super) fn aliased_prefix(context: &Context<'_>, ty: &TypeDef) -> Option<Ident> {
    let net = match ty.aliased_prefix(&context.api.types)? {
        Special::Ip4Prefix => "Ipv4Net",
        Special::Ip6Prefix => "Ipv6Net",
        _ => "IpNet",
    };
    Some(names::ident(net))
}

/// The macro that implements conversions, `Display`, `FromStr` and `Debug`.
pub(super) fn conversions(special: Special, context: &Context<'_>, rust: &Ident) -> TokenStream {
    let wire = &context.options.wire;
    match special {
        Special::None => TokenStream::new(),
        Special::Ip4Address => quote!(#wire::impl_ip4_address!(#rust);),
        Special::Ip6Address => quote!(#wire::impl_ip6_address!(#rust);),
        Special::MacAddress => quote!(#wire::impl_mac_address!(#rust);),
        Special::Address => quote!(#wire::impl_address!(#rust);),
        Special::Prefix => quote!(#wire::impl_prefix!(#rust);),
        Special::Ip4Prefix => quote!(#wire::impl_ip4_prefix!(#rust);),
        Special::Ip6Prefix => quote!(#wire::impl_ip6_prefix!(#rust);),
    }
}

/// The standard type of a struct whose text represents every valid value.
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

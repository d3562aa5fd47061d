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

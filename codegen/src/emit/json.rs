//! serde's traits, in VPP's JSON convention.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::Ident;

use super::{Context, wellknown};
use crate::model::{Enum, Field, Message, Role, Shape, Special, Type, TypeDef};
use crate::names;

pub(super) fn emit_message(context: &Context<'_>, message: &Message) -> TokenStream {
    if !context.options.serde {
        return TokenStream::new();
    }
    let wire = &context.options.wire;
    let rust = names::ident(&message.rust);
    let meta = quote! {
        const MESSAGE: Option<(&'static str, u32)> = Some((Self::NAME, Self::CRC));
    };
    let fields = fields(context, &rust, &message.fields, &meta);
    quote! {
        #fields
        #wire::impl_json_fields!(#rust);
    }
}

pub(super) fn emit_struct(
    context: &Context<'_>,
    type_def: &TypeDef,
    special: Special,
) -> TokenStream {
    if !context.options.serde {
        return TokenStream::new();
    }
    let wire = &context.options.wire;
    let rust = names::ident(&type_def.rust);
    let fields = fields(context, &rust, type_def.fields(), &TokenStream::new());
    match wellknown::standard(special, context) {
        Some(standard) => quote!(#fields #wire::impl_json_text!(#rust, #standard);),
        None => quote!(#fields #wire::impl_json_fields!(#rust);),
    }
}

pub(super) fn emit_alias(
    context: &Context<'_>,
    type_def: &TypeDef,
    field: &Field,
    special: Special,
) -> TokenStream {
    if !context.options.serde {
        return TokenStream::new();
    }
    let wire = &context.options.wire;
    let rust = names::ident(&type_def.rust);
    match special {
        Special::Ip4Address | Special::Ip6Address | Special::MacAddress => {
            quote!(#wire::impl_json_text!(#rust);)
        }
        _ if field.is_bytes() => quote!(#wire::impl_json_transparent!(#rust, Hex);),
        _ if matches!(field.shape, Shape::Array(_)) && field.ty != Type::Text => {
            quote!(#wire::impl_json_transparent!(#rust, List);)
        }
        _ => quote!(#wire::impl_json_transparent!(#rust);),
    }
}

pub(super) fn emit_enum(context: &Context<'_>, rust: &Ident) -> TokenStream {
    let wire = &context.options.wire;
    if context.options.serde {
        quote!(#wire::impl_json_enum!(#rust);)
    } else {
        TokenStream::new()
    }
}

pub(super) fn emit_flags(context: &Context<'_>, rust: &Ident, definition: &Enum) -> TokenStream {
    if !context.options.serde {
        return TokenStream::new();
    }
    let wire = &context.options.wire;
    let names = definition.constants.iter().map(|constant| {
        let name = names::ident(&constant.rust);
        let api = &constant.name;
        quote!(#name = #api)
    });
    quote!(#wire::impl_json_flags!(#rust, [#(#names),*]);)
}

/// serde's traits of a union: an object with all arms, as VPP prints it. Reading writes the
/// arms to the same bytes in the order of the object.
pub(super) fn emit_union(context: &Context<'_>, type_def: &TypeDef, arms: &[Field]) -> TokenStream {
    if !context.options.serde {
        return TokenStream::new();
    }
    let wire = &context.options.wire;
    let rust = names::ident(&type_def.rust);
    let api_names = arms.iter().map(|arm| &arm.name);
    let write = arms.iter().map(|arm| {
        let name = names::ident(&arm.rust);
        let api = &arm.name;
        let value = wrap(context, arm, &quote!(&self.#name()));
        quote!(map.serialize_entry(#api, #value)?;)
    });
    let read = arms.iter().map(|arm| {
        let set = format_ident!("set_{}", arm.rust);
        let api = &arm.name;
        let value = read_value(context, arm);
        quote!(#api => self.#set(#value),)
    });
    let write: Vec<_> = write.collect();
    let read: Vec<_> = read.collect();
    let fields = implementation(
        context,
        &rust,
        &quote!(const FIELDS: &'static [&'static str] = &[#(#api_names),*];),
        &write,
        &read,
        &TokenStream::new(),
    );
    quote! {
        #fields
        #wire::impl_json_fields!(#rust);
    }
}

fn fields(
    context: &Context<'_>,
    rust: &Ident,
    fields: &[Field],
    meta: &TokenStream,
) -> TokenStream {
    let values = || fields.iter().filter(|field| field.is_value());
    let api_names = values().map(|field| &field.name);
    let counts: Vec<_> = fields
        .iter()
        .filter_map(|field| match &field.role {
            Role::Counts(arrays) => {
                Some((&field.name, names::ident(&fields[*arrays.first()?].rust)))
            }
            _ => None,
        })
        .collect();
    let count_names = counts.iter().map(|(name, _)| name);
    let count_const = (!counts.is_empty())
        .then(|| quote!(const COUNTS: &'static [&'static str] = &[#(#count_names),*];));
    let count_arms = counts
        .iter()
        .map(|(name, array)| quote!(#name => self.#array.len(),));
    let count_fn = (!counts.is_empty()).then(|| {
        quote! {
            fn count(&self, field: &str) -> usize {
                match field {
                    #(#count_arms)*
                    _ => 0,
                }
            }
        }
    });
    let write: Vec<_> = fields
        .iter()
        .filter_map(|field| {
            let api = &field.name;
            match &field.role {
                Role::Value => {
                    let name = names::ident(&field.rust);
                    let value = wrap(context, field, &quote!(&self.#name));
                    Some(quote!(map.serialize_entry(#api, #value)?;))
                }
                Role::Counts(arrays) => {
                    let array = names::ident(&fields[*arrays.first()?].rust);
                    Some(quote!(map.serialize_entry(#api, &self.#array.len())?;))
                }
                Role::Header => None,
            }
        })
        .collect();
    let read: Vec<_> = values()
        .map(|field| {
            let name = names::ident(&field.rust);
            let api = &field.name;
            let value = read_value(context, field);
            quote!(#api => self.#name = #value,)
        })
        .collect();
    let consts = quote! {
        const FIELDS: &'static [&'static str] = &[#(#api_names),*];
        #count_const
        #meta
    };
    implementation(context, rust, &consts, &write, &read, &quote!(#count_fn))
}

fn implementation(
    context: &Context<'_>,
    rust: &Ident,
    consts: &TokenStream,
    write: &[TokenStream],
    read: &[TokenStream],
    more: &TokenStream,
) -> TokenStream {
    let wire = &context.options.wire;
    let serde = quote!(#wire::serde);
    let map_out = if write.is_empty() {
        quote!(_)
    } else {
        quote!(map)
    };
    let read_fn = if read.is_empty() {
        quote! {
            fn read<'de, A: #serde::de::MapAccess<'de>>(
                &mut self,
                _: &str,
                _: &mut A,
            ) -> Result<(), A::Error> {
                Ok(())
            }
        }
    } else {
        quote! {
            fn read<'de, A: #serde::de::MapAccess<'de>>(
                &mut self,
                field: &str,
                map: &mut A,
            ) -> Result<(), A::Error> {
                match field {
                    #(#read)*
                    _ => return Err(#wire::json::unknown::<Self, _>(field)),
                }
                Ok(())
            }
        }
    };
    quote! {
        impl #wire::json::Fields for #rust {
            #consts

            fn write<M: #serde::ser::SerializeMap>(&self, #map_out: &mut M) -> Result<(), M::Error> {
                #(#write)*
                Ok(())
            }

            #read_fn

            #more
        }
    }
}

/// Wraps a field for serde. Bytes are written as hex, and serde does not support long arrays.
fn wrap(context: &Context<'_>, field: &Field, value: &TokenStream) -> TokenStream {
    let wire = &context.options.wire;
    if field.is_bytes() {
        quote!(&#wire::json::Hex(#value))
    } else if is_list(field) {
        quote!(&#wire::json::List(#value))
    } else {
        quote!(#value)
    }
}

fn read_value(context: &Context<'_>, field: &Field) -> TokenStream {
    let wire = &context.options.wire;
    if field.is_bytes() {
        quote!(map.next_value::<#wire::json::Hex<_>>()?.0)
    } else if is_list(field) {
        quote!(map.next_value::<#wire::json::List<_>>()?.0)
    } else {
        quote!(map.next_value()?)
    }
}

fn is_list(field: &Field) -> bool {
    matches!(field.shape, Shape::Array(_)) && field.ty != Type::Text
}

//! Open enums, and enumflags.

use proc_macro2::TokenStream;
use quote::quote;

use super::{Context, json, literal, structs};
use crate::model::{Enum, TypeDef};
use crate::names;

pub(super) fn emit(context: &Context<'_>, type_def: &TypeDef, definition: &Enum) -> TokenStream {
    let wire = &context.options.wire;
    let rust = names::ident(&type_def.rust);
    let number = names::ident(definition.wire.name());
    let docs = structs::docs("Enum", type_def);
    let derives = structs::derives(type_def.derives);
    let constants = definition.constants.iter().map(|constant| {
        let name = names::ident(&constant.rust);
        let value = literal(constant.value);
        let note = format!(" `{}`", constant.name);
        quote!(#[doc = #note] pub const #name: Self = Self(#value);)
    });
    let names = definition.constants.iter().map(|constant| {
        let name = names::ident(&constant.rust);
        let api = &constant.name;
        quote!(#name = #api)
    });
    let json = json::emit_enum(context, &rust);
    quote! {
        #docs
        #derives
        pub struct #rust(pub #number);

        impl #rust {
            #(#constants)*
        }

        #wire::impl_open_enum!(#rust, #number, [#(#names),*]);
        #json
    }
}

pub(super) fn emit_flags(
    context: &Context<'_>,
    type_def: &TypeDef,
    definition: &Enum,
) -> TokenStream {
    let wire = &context.options.wire;
    let rust = names::ident(&type_def.rust);
    let bits = names::ident(definition.wire.name());
    let docs = structs::docs("Enumflag", type_def);
    let derives = structs::derives(type_def.derives);
    let constants = definition.constants.iter().map(|constant| {
        let name = names::ident(&constant.rust);
        let value = literal(constant.value);
        let note = format!(" `{}`", constant.name);
        quote!(#[doc = #note] const #name = #value;)
    });
    let json = json::emit_flags(context, &rust, definition);
    quote! {
        #wire::bitflags::bitflags! {
            #docs
            #derives
            pub struct #rust: #bits {
                #(#constants)*
                const _ = !0;
            }
        }

        #wire::impl_flag_set!(#rust, #bits);
        #json
    }
}

//! Structs and aliases.

use proc_macro2::TokenStream;
use quote::quote;

use super::{Context, codec, defaults, doc, json, tagged, wellknown};
use crate::model::{Derives, Field, Shape, Type, TypeDef, TypeShape};
use crate::names;

pub(super) fn emit(context: &Context<'_>, type_def: &TypeDef, fields: &[Field]) -> TokenStream {
    let rust = names::ident(&type_def.rust);
    let special = type_def.special;
    let docs = docs("Type", type_def);
    let derives = derives(type_def.derives);
    let members = self::fields(context, fields);
    let default = defaults::emit(context, &rust, fields, type_def.derives);
    let codec = codec::emit(context, &rust, fields, type_def.size);
    let accessors = tagged::accessors(context, &rust, fields);
    let conversions = wellknown::conversions(special, context, &rust);
    let json = json::emit_struct(context, type_def, special);
    quote! {
        #docs
        #derives
        pub struct #rust { #members }

        #default

        #codec

        #accessors

        #conversions

        #json
    }
}

/// The fields of the Rust struct.
pub(super) fn fields(context: &Context<'_>, fields: &[Field]) -> TokenStream {
    let members = fields.iter().filter(|field| field.is_value()).map(|field| {
        let name = names::ident(&field.rust);
        let ty = context.field_type(field);
        let docs = doc(&field.doc);
        let default = defaults::note(field).map(|note| quote!(#[doc = #note]));
        quote!(#docs #default pub #name: #ty)
    });
    quote!(#(#members),*)
}

pub(super) fn emit_alias(context: &Context<'_>, type_def: &TypeDef, field: &Field) -> TokenStream {
    let wire = &context.options.wire;
    let rust = names::ident(&type_def.rust);
    let special = type_def.special;
    let prefix = wellknown::aliased_prefix(context, type_def);
    let docs = docs("Alias", type_def);
    let derives = derives(type_def.derives);
    let inner = context.field_type(field);
    let default = defaults::emit_alias(context, &rust, field, type_def.derives);
    let conversions = match prefix {
        Some(net) => quote!(#wire::impl_prefix_alias!(#rust, #wire::ipnet::#net);),
        None => wellknown::conversions(special, context, &rust),
    };
    let display = (field.shape == Shape::One && matches!(field.ty, Type::Scalar(_)))
        .then(|| quote!(#wire::impl_newtype_display!(#rust);));
    let json = json::emit_alias(context, type_def, field, special);
    quote! {
        #docs
        #derives
        pub struct #rust(pub #inner);

        #default

        #wire::impl_newtype!(#rust, #inner);
        #display
        #conversions
        #json
    }
}

/// The attribute `#[derive(…)]`.
pub(super) fn derives(derives: Derives) -> TokenStream {
    let debug = derives.debug.then(|| quote!(Debug,));
    let copy = derives.copy.then(|| quote!(Copy,));
    let eq = derives.eq.then(|| quote!(Eq,));
    let ord = derives.ord.then(|| quote!(PartialOrd, Ord,));
    let hash = derives.eq.then(|| quote!(Hash,));
    let default = derives.default.then(|| quote!(Default,));
    quote!(#[derive(#debug Clone, #copy PartialEq, #eq #ord #hash #default)])
}

pub(super) fn docs(kind: &str, type_def: &TypeDef) -> TokenStream {
    let mut lines = vec![format!("{kind} `{}`.", type_def.name)];
    if let TypeShape::Enum(definition) | TypeShape::Flags(definition) = &type_def.shape
        && !definition.impossible.is_empty()
    {
        lines.push(String::new());
        lines.push(format!(
            "Values that do not fit a {} and have no constant: {}.",
            definition.wire.name(),
            definition.impossible.join(", ")
        ));
    }
    if !type_def.doc.is_empty() {
        lines.push(String::new());
        lines.extend(type_def.doc.iter().cloned());
    }
    doc(&lines)
}

//! Structs and aliases.

use proc_macro2::TokenStream;
use quote::quote;

use super::{Context, codec, defaults, doc, json, unions, wellknown};
use crate::model::{Derives, Field, Scalar, Shape, Special, Type, TypeDef, TypeShape};
use crate::names;

pub(super) fn emit(context: &Context<'_>, type_def: &TypeDef, fields: &[Field]) -> TokenStream {
    let rust = names::ident(&type_def.rust);
    let special = Special::of(context.api, type_def);
    let docs = docs("Type", type_def);
    let derives = derives_beside(type_def.derives, true, wellknown::writes_debug(special));
    let members = self::fields(context, fields);
    let default = defaults::emit(context, &rust, fields, type_def.derives);
    let codec = codec::emit(context, &rust, fields, type_def.size);
    let accessors = unions::accessors(context, &rust, fields);
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

/// The fields that the Rust struct has.
pub(super) fn fields(context: &Context<'_>, fields: &[Field]) -> TokenStream {
    let members = fields.iter().filter(|field| field.is_value()).map(|field| {
        let name = names::ident(&field.rust);
        let ty = context.field_type(field);
        let note = defaults::note(field).map(|note| quote!(#[doc = #note]));
        quote!(#note pub #name: #ty)
    });
    quote!(#(#members),*)
}

pub(super) fn emit_alias(context: &Context<'_>, type_def: &TypeDef, field: &Field) -> TokenStream {
    let wire = &context.options.wire;
    let rust = names::ident(&type_def.rust);
    let special = Special::of(context.api, type_def);
    let prefix = wellknown::prefix_alias(context, field);
    let docs = docs("Alias", type_def);
    let derives = derives_beside(
        type_def.derives,
        true,
        wellknown::writes_debug(special) || prefix.is_some(),
    );
    let ordered = is_integer(field).then(|| quote!(#[derive(PartialOrd, Ord)]));
    let inner = context.field_type(field);
    let default = defaults::emit_alias(context, &rust, field, type_def.derives);
    let conversions = match prefix {
        Some(net) => quote!(#wire::prefix_alias!(#rust, #wire::ipnet::#net);),
        None => wellknown::conversions(special, context, &rust),
    };
    let display = (field.shape == Shape::One && matches!(field.ty, Type::Scalar(_)))
        .then(|| quote!(#wire::display_inner!(#rust);));
    let json = json::emit_alias(context, type_def, field, special);
    quote! {
        #docs
        #derives
        #ordered
        pub struct #rust(pub #inner);

        #default

        #wire::transparent!(#rust, #inner);
        #display
        #conversions
        #json
    }
}

fn is_integer(field: &Field) -> bool {
    let integer = |scalar: &Scalar| scalar.range().is_some();
    field.shape == Shape::One && matches!(&field.ty, Type::Scalar(scalar) if integer(scalar))
}

/// `#[derive(…)]`; only what a type, not a message, can be is `Copy`.
pub(super) fn derives(derives: Derives, is_type: bool) -> TokenStream {
    derives_beside(derives, is_type, false)
}

fn derives_beside(derives: Derives, is_type: bool, debug_is_written: bool) -> TokenStream {
    let debug = (!debug_is_written).then(|| quote!(Debug,));
    let copy = (is_type && derives.copy).then(|| quote!(Copy,));
    let eq = derives.eq.then(|| quote!(Eq,));
    let hash = (is_type && derives.eq).then(|| quote!(Hash,));
    let default = derives.default.then(|| quote!(Default,));
    quote!(#[derive(#debug Clone, #copy PartialEq, #eq #hash #default)])
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

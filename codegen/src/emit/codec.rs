//! `Wire` of structs and messages.

use proc_macro2::TokenStream;
use quote::quote;
use syn::Ident;

use super::{Context, literal};
use crate::model::{Field, Role, Shape, Size, Type};
use crate::names;

pub(super) fn emit(
    context: &Context<'_>,
    rust: &Ident,
    fields: &[Field],
    size: Size,
) -> TokenStream {
    let min = literal(size.min);
    let encode = fields
        .iter()
        .map(|field| encode_one(context, fields, field));
    let decode = decode(context, fields);
    let (out, from) = if fields.is_empty() {
        (quote!(_), quote!(_))
    } else {
        (quote!(out), quote!(from))
    };
    quote! {
        impl Wire for #rust {
            const MIN_SIZE: usize = #min;

            #[inline]
            fn encode(&self, #out: &mut Writer<'_>) -> Result<(), EncodeError> {
                #(#encode)*
                Ok(())
            }

            #[inline]
            fn decode(#from: &mut Reader<'_>) -> Result<Self, DecodeError> {
                #decode
            }
        }
    }
}

/// Whether an encoding error can come from inside the field, and has to name it.
pub(super) fn needs_field_name(context: &Context<'_>, field: &Field) -> bool {
    match field.ty {
        Type::Named(id) => context.api.types[id].size.variable,
        Type::Text => field.is_variable_text(),
        Type::Scalar(_) | Type::Unresolved(_) => false,
    }
}

fn encode_one(context: &Context<'_>, fields: &[Field], field: &Field) -> TokenStream {
    let api_name = &field.name;
    if let Role::Counts(arrays) = &field.role {
        let count = context.element(field);
        let arrays = arrays.iter().map(|place| {
            let array = names::ident(&fields[*place].rust);
            quote!(self.#array.len())
        });
        return quote!(out.count::<#count, _>(#api_name, [#(#arrays),*])?;);
    }
    if field.role == Role::Header {
        return quote!(out.bytes(&[0; 4]););
    }
    let name = names::ident(&field.rust);
    let context = needs_field_name(context, field).then(|| quote!(.field(#api_name)));
    match (&field.ty, &field.shape) {
        (Type::Text, _) | (_, Shape::One | Shape::Array(_)) => {
            quote!(self.#name.encode(out) #context ?;)
        }
        (_, Shape::Counted(_) | Shape::Rest) => {
            quote!(out.items(&self.#name) #context ?;)
        }
    }
}

fn decode(context: &Context<'_>, fields: &[Field]) -> TokenStream {
    if fields.iter().all(Field::is_value) {
        let members = fields.iter().map(|field| {
            let name = names::ident(&field.rust);
            let value = decode_one(field);
            quote!(#name: #value)
        });
        return quote!(Ok(Self { #(#members),* }));
    }
    let steps = fields.iter().map(|field| {
        let local = local(field);
        let api_name = &field.name;
        match &field.role {
            Role::Value => {
                let value = decode_one(field);
                quote!(let #local = #value;)
            }
            Role::Counts(_) => {
                let count = context.element(field);
                quote!(let #local: #count = from.field(#api_name)?;)
            }
            Role::Header => quote!(from.bytes(4)?;),
        }
    });
    let members = fields.iter().filter(|field| field.is_value()).map(|field| {
        let name = names::ident(&field.rust);
        let local = local(field);
        if name == local {
            quote!(#name)
        } else {
            quote!(#name: #local)
        }
    });
    quote! {
        #(#steps)*
        Ok(Self { #(#members),* })
    }
}

/// The variable of a field; one called like the reader would hide it.
fn local(field: &Field) -> Ident {
    if field.rust == "from" {
        names::ident("from_")
    } else {
        names::ident(&field.rust)
    }
}

fn decode_one(field: &Field) -> TokenStream {
    let api_name = &field.name;
    match (&field.ty, &field.shape) {
        (Type::Text, _) => quote!(from.field(#api_name)?),
        (_, Shape::Counted(count)) => {
            let snake = names::snake_name(count);
            let count = if snake == "from" {
                names::ident("from_")
            } else {
                names::ident(&snake)
            };
            quote!(from.items(#api_name, #count)?)
        }
        (_, Shape::Rest) => quote!(from.rest(#api_name)?),
        _ => quote!(from.field(#api_name)?),
    }
}

//! `Wire` of structs and messages.

use proc_macro2::TokenStream;
use quote::quote;
use syn::Ident;

use super::{Context, literal};
use crate::model::{Field, Role, Shape, Size, Type};
use crate::names;

/// `Wire` of the struct or message `rust`.
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
    let reader = reader(fields);
    let decode = decode(context, fields, &reader);
    let (out, from) = if fields.is_empty() {
        (quote!(_), quote!(_))
    } else {
        (quote!(out), quote!(#reader))
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

/// The reader's name, which differs from every field's: fields become local variables.
fn reader(fields: &[Field]) -> Ident {
    let fields = fields.iter().map(|field| field.rust.clone());
    let mut taken: names::Taken = fields.collect();
    names::ident(&taken.unique("from".to_owned()))
}

/// Whether an encoding error can occur inside the field and must name it.
pub(super) fn needs_field_name(context: &Context<'_>, field: &Field) -> bool {
    match field.ty {
        Type::Named(id) => context.api.types[id].size.variable,
        Type::Text => field.is_variable_text(),
        Type::Scalar(_) => false,
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

fn decode(context: &Context<'_>, fields: &[Field], reader: &Ident) -> TokenStream {
    let value = |field: &Field| {
        let api_name = &field.name;
        match (&field.ty, &field.shape) {
            (Type::Text, _) | (_, Shape::One | Shape::Array(_)) => {
                quote!(#reader.field(#api_name)?)
            }
            (_, Shape::Counted(count)) => {
                let count = names::ident(&fields[*count].rust);
                quote!(#reader.items(#api_name, #count)?)
            }
            (_, Shape::Rest) => quote!(#reader.rest(#api_name)?),
        }
    };
    if fields.iter().all(Field::is_value) {
        let members = fields.iter().map(|field| {
            let (name, value) = (names::ident(&field.rust), value(field));
            quote!(#name: #value)
        });
        return quote!(Ok(Self { #(#members),* }));
    }
    let steps = fields.iter().map(|field| {
        let local = names::ident(&field.rust);
        match &field.role {
            Role::Value => {
                let value = value(field);
                quote!(let #local = #value;)
            }
            Role::Counts(_) => {
                let (count, api_name) = (context.element(field), &field.name);
                quote!(let #local: #count = #reader.field(#api_name)?;)
            }
            Role::Header => quote!(#reader.bytes(4)?;),
        }
    });
    let members = fields.iter().filter(|field| field.is_value());
    let members = members.map(|field| names::ident(&field.rust));
    quote! {
        #(#steps)*
        Ok(Self { #(#members),* })
    }
}

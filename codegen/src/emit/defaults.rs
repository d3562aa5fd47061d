//! `Default`: zero, or the default of the API file.

use proc_macro2::{Literal, TokenStream};
use quote::quote;
use serde_json::Value;
use syn::Ident;

use super::{Context, literal};
use crate::model::{DEFAULT_ARRAY, DefaultValue, Derives, Field, Scalar, Shape, Type, TypeShape};
use crate::names;

/// `Default`, if it cannot be derived.
pub(super) fn emit(
    context: &Context<'_>,
    rust: &Ident,
    fields: &[Field],
    derives: Derives,
) -> TokenStream {
    if derives.default {
        return TokenStream::new();
    }
    let members = fields.iter().filter(|field| field.is_value()).map(|field| {
        let name = names::ident(&field.rust);
        let value = of_field(context, field);
        quote!(#name: #value)
    });
    implementation(rust, &quote!(Self { #(#members),* }))
}

/// `Default` of a newtype, if it cannot be derived.
pub(super) fn emit_alias(
    context: &Context<'_>,
    rust: &Ident,
    field: &Field,
    derives: Derives,
) -> TokenStream {
    if derives.default {
        return TokenStream::new();
    }
    let value = of_field(context, field);
    implementation(rust, &quote!(Self(#value)))
}

fn implementation(rust: &Ident, value: &TokenStream) -> TokenStream {
    quote! {
        impl Default for #rust {
            fn default() -> Self {
                #value
            }
        }
    }
}

/// The default of a field, for its documentation.
pub(super) fn note(field: &Field) -> Option<String> {
    let default = field.default.as_ref()?;
    let shown = match &default.declared {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    Some(match default.value {
        Some(_) => format!(" Default: {shown}."),
        None => {
            format!(" Default: zero, as the API file's {shown} is not a value of this field.")
        }
    })
}

fn of_field(context: &Context<'_>, field: &Field) -> TokenStream {
    let declared = field.default.as_ref().and_then(|default| default.value);
    match (declared, &field.shape) {
        (Some(value), _) => of_type(context, &field.ty, value),
        (None, Shape::Array(length)) if *length > DEFAULT_ARRAY && field.ty != Type::Text => {
            let length = literal(*length);
            quote!([Default::default(); #length])
        }
        _ => quote!(Default::default()),
    }
}

fn of_type(context: &Context<'_>, ty: &Type, value: DefaultValue) -> TokenStream {
    let Type::Named(id) = ty else {
        return match ty {
            Type::Scalar(scalar) => of_scalar(*scalar, value),
            _ => quote!(Default::default()),
        };
    };
    let path = context.type_path(*id);
    match &context.api.types[*id].shape {
        TypeShape::Enum(definition) => {
            let mut constants = definition.constants.iter();
            match constants.find(|constant| DefaultValue::Integer(constant.value) == value) {
                Some(constant) => {
                    let constant = names::ident(&constant.rust);
                    quote!(#path::#constant)
                }
                None => {
                    let number = of_scalar(definition.wire, value);
                    quote!(#path(#number))
                }
            }
        }
        TypeShape::Flags(definition) => {
            let bits = of_scalar(definition.wire, value);
            quote!(#path::from_bits_retain(#bits))
        }
        TypeShape::Alias(field) => {
            let inner = of_type(context, &field.ty, value);
            quote!(#path(#inner))
        }
        // The model never has a default for these.
        TypeShape::Struct(_) | TypeShape::Union(_) => quote!(Default::default()),
    }
}

fn of_scalar(scalar: Scalar, value: DefaultValue) -> TokenStream {
    match value {
        DefaultValue::Bool(on) => quote!(#on),
        DefaultValue::Float(number) => {
            let number = Literal::f64_unsuffixed(number);
            quote!(#number)
        }
        DefaultValue::Integer(number) => {
            let is_max = scalar.range().is_some_and(|range| *range.end() == number);
            if is_max && scalar.size() > 1 {
                let name = names::ident(scalar.name());
                quote!(#name::MAX)
            } else {
                let number = literal(number);
                quote!(#number)
            }
        }
    }
}

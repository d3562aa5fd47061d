//! Unions: bytes with a typed view per arm.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::{Context, json, literal, structs};
use crate::model::{DEFAULT_ARRAY, Field, Shape, Type, TypeDef};
use crate::names;

pub(super) fn emit(context: &Context<'_>, type_def: &TypeDef, arms: &[Field]) -> TokenStream {
    let wire = &context.options.wire;
    let rust = names::ident(&type_def.rust);
    let size = literal(type_def.size.min);
    let docs = structs::docs("Union", type_def);
    let derives = structs::derives(type_def.derives);
    let default = (!type_def.derives.default).then(|| {
        quote! {
            impl Default for #rust {
                fn default() -> Self {
                    Self([0; #size])
                }
            }
        }
    });
    let methods = arms.iter().map(|arm| {
        let name = names::ident(&arm.rust);
        let ty = context.field_type(arm);
        let get = match (&arm.shape, &arm.ty) {
            // Longer arrays have no `Default`.
            (Shape::Array(length), ty) if *length > DEFAULT_ARRAY && *ty != Type::Text => {
                let length = literal(*length);
                quote!(#wire::union::get(&self.0).unwrap_or([Default::default(); #length]))
            }
            _ => quote!(#wire::union::get(&self.0).unwrap_or_default()),
        };
        let from = format_ident!("from_{}", arm.rust);
        let set = format_ident!("set_{}", arm.rust);
        let doc_from = format!(
            " Creates a union that holds `{}`; the bytes after it are zero.",
            arm.name
        );
        let doc_get = format!(
            " Returns the bytes as `{}`, whichever arm they were written as.",
            arm.name
        );
        let doc_set = format!(" Overwrites the first bytes with `{}`.", arm.name);
        quote! {
            #[doc = #doc_from]
            pub fn #from(value: #ty) -> Self {
                let mut union = Self::default();
                union.#set(value);
                union
            }

            #[doc = #doc_get]
            pub fn #name(&self) -> #ty {
                #get
            }

            #[doc = #doc_set]
            pub fn #set(&mut self, value: #ty) {
                #wire::union::put(&value, &mut self.0);
            }
        }
    });
    let json = json::emit_union(context, type_def, arms);
    quote! {
        #docs
        #derives
        pub struct #rust(pub [u8; #size]);

        #default

        impl #rust {
            #(#methods)*
        }

        #wire::impl_newtype!(#rust, [u8; #size]);
        #json
    }
}

//! Unions: bytes with a typed view per arm.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::Ident;

use super::{Context, json, literal, structs};
use crate::model::{DEFAULT_ARRAY, Field, Shape, Type, TypeDef, TypeShape};
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

/// For a union with a tag: a checked view per arm.
pub(super) fn accessors(context: &Context<'_>, rust: &Ident, fields: &[Field]) -> TokenStream {
    let methods: Vec<_> = fields
        .iter()
        .filter_map(|field| Tagged::new(context, fields, field))
        .flat_map(|tagged| tagged.methods(context))
        .collect();
    if methods.is_empty() {
        return TokenStream::new();
    }
    quote!(impl #rust { #(#methods)* })
}

/// A union and the field that selects its arm.
struct Tagged<'a> {
    union: &'a Field,
    tag: &'a Field,
    tag_type: TokenStream,
    /// Each arm, and the constant that selects it.
    arms: Vec<(&'a Field, &'a str)>,
}

impl<'a> Tagged<'a> {
    fn new(context: &Context<'a>, fields: &'a [Field], union: &'a Field) -> Option<Self> {
        let tag = union.tag.as_ref()?;
        let Type::Named(id) = union.ty else {
            return None;
        };
        let TypeShape::Enum(definition) = &context.api.types[tag.ty].shape else {
            return None;
        };
        let constants = tag.constants.iter();
        let constants = constants.map(|place| definition.constants[*place].rust.as_str());
        Some(Self {
            union,
            tag: &fields[tag.field],
            tag_type: context.type_path(tag.ty),
            arms: context.api.types[id]
                .fields()
                .iter()
                .zip(constants)
                .collect(),
        })
    }

    fn methods(&self, context: &Context<'_>) -> Vec<TokenStream> {
        let union = names::ident(&self.union.rust);
        let tag = names::ident(&self.tag.rust);
        let tag_type = &self.tag_type;
        let of_arm = |(arm, constant): &(&Field, &str)| {
            let name = names::ident(&arm.rust);
            let get = format_ident!("{}_{}", self.union.rust, arm.rust);
            let set = format_ident!("set_{}_{}", self.union.rust, arm.rust);
            let ty = context.field_type(arm);
            let from = format_ident!("from_{}", arm.rust);
            let union_type = context.field_type(self.union);
            let constant = names::ident(constant);
            let doc_get = format!(
                " Returns `{}.{}` if `{}` selects it.",
                self.union.name, arm.name, self.tag.name
            );
            let doc_set = format!(
                " Sets `{}.{}`, and `{}` to the value that selects it.",
                self.union.name, arm.name, self.tag.name
            );
            quote! {
                #[doc = #doc_get]
                pub fn #get(&self) -> Option<#ty> {
                    (self.#tag == #tag_type::#constant).then(|| self.#union.#name())
                }

                #[doc = #doc_set]
                pub fn #set(&mut self, value: #ty) {
                    self.#tag = #tag_type::#constant;
                    self.#union = #union_type::#from(value);
                }
            }
        };
        self.arms.iter().map(of_arm).collect()
    }
}

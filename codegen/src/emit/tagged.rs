//! Checked access to unions with a tag.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::Ident;

use super::Context;
use crate::model::{Field, Type, TypeShape};
use crate::names;

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

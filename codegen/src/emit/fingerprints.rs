//! Type fingerprints: constants for crates that use the types of this one, and assertions on
//! the types that come from another crate.

use std::collections::BTreeSet;

use proc_macro2::{Literal, TokenStream};
use quote::quote;
use syn::Ident;

use super::{Context, hex};
use crate::model::{Type, TypeDef, TypeId};
use crate::names;

/// The fingerprint of each type of the module.
pub(super) fn own(context: &Context<'_>) -> TokenStream {
    let constants: Vec<_> = context
        .types()
        .map(|ty| {
            let (name, number) = constant(ty);
            quote!(pub const #name: u32 = #number;)
        })
        .collect();
    if constants.is_empty() {
        return TokenStream::new();
    }
    quote! {
        #[doc(hidden)]
        #[allow(dead_code)]
        pub mod fingerprints {
            #(#constants)*
        }
    }
}

/// The constant of a type in the module of its fingerprint, and its value.
fn constant(ty: &TypeDef) -> (Ident, Literal) {
    (
        names::ident(&names::constant_of_type(&ty.rust)),
        hex(ty.fingerprint),
    )
}

/// Assertions that types of extern modules equal those in this module's definitions.
pub(super) fn foreign(context: &Context<'_>) -> TokenStream {
    let checks = used(context).into_iter().filter_map(|id| {
        let type_def = &context.api.types[id];
        let module = &context.api.modules[type_def.module];
        let path = module.extern_path.as_ref()?;
        let tokens = names::Path(path);
        let (name, number) = constant(type_def);
        let message = format!(
            "the type {} of {path} differs from the one in the definitions of {}: \
             generate both from the definitions of one VPP, or remove {} from the extern modules",
            type_def.name,
            context.module().name,
            module.name
        );
        Some(quote!(
            const _: () = assert!(#tokens::fingerprints::#name == #number, #message);
        ))
    });
    quote!(#(#checks)*)
}

/// The types of the module's fields.
fn used(context: &Context<'_>) -> BTreeSet<TypeId> {
    let of_types = context.types().flat_map(TypeDef::fields);
    let of_messages = context.messages().flat_map(|message| &message.fields);
    let fields = of_types.chain(of_messages);
    fields
        .filter_map(|field| match field.ty {
            Type::Named(id) => Some(id),
            _ => None,
        })
        .collect()
}

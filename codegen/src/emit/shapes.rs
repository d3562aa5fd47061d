//! What types are, as numbers: for code that takes them from here, and of those taken from
//! elsewhere.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::quote;

use super::Context;
use crate::model::{Type, TypeId};
use crate::names;

/// A number for each type of the module.
pub(super) fn own(context: &Context<'_>) -> TokenStream {
    let types = &context.module().types;
    if types.is_empty() {
        return TokenStream::new();
    }
    let sums = types.iter().map(|id| {
        let type_def = &context.api.types[*id];
        let (name, sum) = (names::ident(&type_def.rust), hexadecimal(type_def.sum));
        quote!(pub const #name: u32 = #sum;)
    });
    quote! {
        #[doc(hidden)]
        #[allow(dead_code, non_upper_case_globals)]
        pub mod shapes {
            #(#sums)*
        }
    }
}

/// Refuses to compile where a type of another crate is not the one that this module's
/// definitions mean.
pub(super) fn foreign(context: &Context<'_>) -> TokenStream {
    let checks = used(context).into_iter().filter_map(|id| {
        let type_def = &context.api.types[id];
        let module = &context.api.modules[type_def.module];
        let path = module.extern_path.as_ref()?;
        let tokens = names::Path(path);
        let (name, sum) = (names::ident(&type_def.rust), hexadecimal(type_def.sum));
        let message = format!(
            "the type {} of {path} differs from the one in the definitions of {}: \
             generate both from the definitions of one VPP, or remove {} from the extern modules",
            type_def.name,
            context.module().name,
            module.name
        );
        Some(quote!(
            const _: () = assert!(#tokens::shapes::#name == #sum, #message);
        ))
    });
    quote!(#(#checks)*)
}

/// The types that the module's fields have.
fn used(context: &Context<'_>) -> BTreeSet<TypeId> {
    let module = context.module();
    let types = module.types.iter();
    let of_types = types.flat_map(|id| context.api.types[*id].fields());
    let of_messages = module.messages.iter().flat_map(|message| &message.fields);
    let fields = of_types.chain(of_messages);
    fields
        .filter_map(|field| match field.ty {
            Type::Named(id) => Some(id),
            _ => None,
        })
        .collect()
}

fn hexadecimal(sum: u32) -> TokenStream {
    format!("{sum:#010x}").parse().unwrap_or_default()
}

//! `mod.rs`: the modules, the contract with the runtime, and the registry.

use proc_macro2::TokenStream;
use quote::quote;

use super::Options;
use crate::model::Api;
use crate::names;

pub(super) fn emit(api: &Api, options: &Options) -> TokenStream {
    let wire = &options.wire;
    let modules = api
        .modules
        .iter()
        .filter(|module| module.emitted)
        .map(|module| {
            let name = names::ident(&module.rust);
            quote! {
                #[rustfmt::skip]
                #[allow(deprecated, missing_docs, unused_qualifications)]
                pub mod #name;
            }
        });
    let registry = options.registry.then(|| registry(api, options));
    let message =
        "generated for another vpp-wire: generate again with the vpp-codegen of its version";
    quote! {
        #(#modules)*

        #[allow(unused_qualifications)]
        const _: () = assert!(#wire::ABI == 1, #message);

        #registry
    }
}

fn registry(api: &Api, options: &Options) -> TokenStream {
    let wire = &options.wire;
    let constructor = names::ident(if options.serde { "with_json" } else { "of" });
    let emitted = api.modules.iter().filter(|module| module.emitted);
    let mut entries: Vec<_> = emitted
        .flat_map(|module| {
            module.messages.iter().map(|message| {
                let key = format!("{}_{:08x}", message.name, message.crc);
                (key, names::ident(&module.rust), names::ident(&message.rust))
            })
        })
        .collect();
    entries.sort();
    entries.dedup_by(|one, other| one.0 == other.0);
    let entries = entries
        .iter()
        .map(|(_, module, rust)| quote!(#wire::registry::Entry::#constructor::<#module::#rust>()));
    quote! {
        /// Every message of these modules, by name and CRC.
        #[allow(deprecated, unused_qualifications)]
        pub static REGISTRY: #wire::registry::Registry =
            #wire::registry::Registry::new(&[#(#entries),*]);
    }
}

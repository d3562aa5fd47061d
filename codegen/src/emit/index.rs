//! `mod.rs`: the modules, the contract with the runtime, the list of messages, the registry.

use proc_macro2::TokenStream;
use quote::quote;

use super::{Options, hex};
use crate::model::{Api, Message, Module};
use crate::names;

pub(super) fn emit(api: &Api, options: &Options<'_>) -> TokenStream {
    let wire = &options.wire;
    let modules = emitted(api).map(|module| {
        let name = names::ident(&module.rust);
        quote! {
            #[rustfmt::skip]
            #[allow(deprecated, missing_docs, unused_qualifications)]
            pub mod #name;
        }
    });
    let messages = messages(api);
    let list = list(&messages);
    let registry = options.registry.then(|| registry(&messages, options));
    let message = "generated for another version of vpp-wire: generate again with the same version of vpp-codegen";
    quote! {
        #(#modules)*

        #[allow(unused_qualifications)]
        const _: () = assert!(#wire::ABI == 3, #message);

        #list

        #registry
    }
}

fn emitted(api: &Api) -> impl Iterator<Item = &Module> {
    api.modules.iter().filter(|module| module.emitted)
}

/// Every generated message, sorted by name and CRC. A message of two modules appears once.
fn messages(api: &Api) -> Vec<(&Module, &Message)> {
    let mut messages: Vec<_> = emitted(api)
        .flat_map(|module| {
            let messages = module.messages.iter().filter(|message| message.emitted);
            messages.map(move |message| (module, message))
        })
        .collect();
    let key = |(_, message): &(&Module, &Message)| (message.name.clone(), message.crc);
    messages.sort_by_cached_key(key);
    messages.dedup_by_key(|message| key(message));
    messages
}

/// The list of messages. It contains literals, so that it is readable without the modules.
fn list(messages: &[(&Module, &Message)]) -> TokenStream {
    let entries = messages.iter().map(|(_, message)| {
        let (name, crc) = (&message.name, hex(message.crc));
        quote!((#name, #crc))
    });
    quote! {
        /// Name and CRC of every message of these modules, sorted: the messages that a program
        /// can exchange with VPP.
        pub const MESSAGES: &[(&str, u32)] = &[#(#entries),*];
    }
}

fn registry(messages: &[(&Module, &Message)], options: &Options<'_>) -> TokenStream {
    let wire = &options.wire;
    let constructor = names::ident(if options.serde { "with_json" } else { "of" });
    let mut messages = messages.to_vec();
    // The registry searches by key, in which `_` and digits follow the name.
    messages.sort_by_cached_key(|(_, message)| format!("{}_{:08x}", message.name, message.crc));
    let entries = messages.iter().map(|(module, message)| {
        let (module, rust) = (names::ident(&module.rust), names::ident(&message.rust));
        quote!(#wire::registry::Entry::#constructor::<#module::#rust>())
    });
    quote! {
        /// Every message of these modules, by name and CRC.
        #[allow(deprecated, unused_qualifications)]
        pub static REGISTRY: #wire::registry::Registry =
            #wire::registry::Registry::new(&[#(#entries),*]);
    }
}

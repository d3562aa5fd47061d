//! One module: its imports, types and messages.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::quote;

use super::{Context, enums, message, shapes, structs, unions};
use crate::model::{Kind, Type, TypeShape};
use crate::names;

pub(super) fn emit(context: &Context<'_>) -> TokenStream {
    let module = context.module();
    let title = match &module.version {
        Some(version) => format!(" API module `{}`, version {version}.", module.name),
        None => format!(" API module `{}`.", module.name),
    };
    let imports = imports(context);
    let types = module.types.iter().map(|id| {
        let type_def = &context.api.types[*id];
        match &type_def.shape {
            TypeShape::Struct(fields) => structs::emit(context, type_def, fields),
            TypeShape::Union(arms) => unions::emit(context, type_def, arms),
            TypeShape::Enum(definition) => enums::emit(context, type_def, definition),
            TypeShape::Flags(definition) => enums::emit_flags(context, type_def, definition),
            TypeShape::Alias(field) => structs::emit_alias(context, type_def, field),
        }
    });
    let messages = module.messages.iter().map(|m| message::emit(context, m));
    let list = list(context);
    let (own, foreign) = (shapes::own(context), shapes::foreign(context));
    quote! {
        #![doc = #title]

        #imports

        #list

        #foreign

        #(#types)*

        #(#messages)*

        #own
    }
}

/// The runtime's names that this module uses, and no other.
fn imports(context: &Context<'_>) -> TokenStream {
    let module = context.module();
    let mut used = BTreeSet::new();
    let structs = module.types.iter().filter_map(|id| {
        let type_def = &context.api.types[*id];
        match &type_def.shape {
            TypeShape::Struct(fields) => Some(fields.as_slice()),
            TypeShape::Union(arms) => {
                note_texts(arms, &mut used);
                None
            }
            TypeShape::Alias(field) => {
                note_texts(std::slice::from_ref(field), &mut used);
                None
            }
            _ => None,
        }
    });
    let structs: Vec<_> = structs.collect();
    let bodies: Vec<_> = module
        .messages
        .iter()
        .map(|message| message.fields.as_slice())
        .chain(structs)
        .collect();
    if !bodies.is_empty() {
        used.extend(["DecodeError", "EncodeError", "Reader", "Wire", "Writer"]);
    }
    for fields in bodies {
        note_texts(fields, &mut used);
        let names_field = fields
            .iter()
            .any(|field| field.is_value() && super::codec::needs_field_name(context, field));
        if names_field {
            used.insert("FieldContext");
        }
    }
    for message in &module.messages {
        used.extend(["Layout", "Message"]);
        used.extend(message.is_reply.then_some("Reply"));
        used.extend(message.is_event.then_some("Event"));
        match &message.kind {
            Kind::Passive => {}
            Kind::Request { subscribe, .. } => {
                used.insert("Request");
                used.extend(subscribe.map(|_| "Subscribe"));
            }
            Kind::Dump { .. } => {
                used.insert("Dump");
            }
            Kind::Get { .. } => {
                used.insert("Get");
            }
            Kind::OneWay => {
                used.insert("OneWay");
            }
        }
    }
    let wire = &context.options.wire;
    let used = used.into_iter().map(names::ident);
    let used: Vec<_> = used.collect();
    if used.is_empty() {
        return TokenStream::new();
    }
    quote!(use #wire::{#(#used),*};)
}

fn note_texts(fields: &[crate::model::Field], used: &mut BTreeSet<&'static str>) {
    let texts = fields
        .iter()
        .filter(|field| field.is_value() && field.ty == Type::Text);
    used.extend(texts.map(|field| {
        if field.is_variable_text() {
            "VarString"
        } else {
            "FixedString"
        }
    }));
}

/// Name and CRC of every message, to ask a VPP whether it has them.
fn list(context: &Context<'_>) -> TokenStream {
    let messages = &context.module().messages;
    if messages.is_empty() {
        return TokenStream::new();
    }
    let entries = messages.iter().map(|message| {
        let rust = names::ident(&message.rust);
        quote!((#rust::NAME, #rust::CRC))
    });
    quote! {
        /// Name and CRC of every message of this module.
        pub const MESSAGES: &[(&str, u32)] = &[#(#entries),*];
    }
}

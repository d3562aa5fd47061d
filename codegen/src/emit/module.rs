//! One module: its imports, types and messages.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::quote;

use super::{Context, enums, fingerprints, message, structs, unions};
use crate::model::{Kind, Type, TypeShape};
use crate::names;

pub(super) fn emit(context: &Context<'_>) -> TokenStream {
    let module = context.module();
    let title = match &module.version {
        Some(version) => format!(" API module `{}`, version {version}.", module.name),
        None => format!(" API module `{}`.", module.name),
    };
    let imports = imports(context);
    let types = context.types().map(|type_def| match &type_def.shape {
        TypeShape::Struct(fields) => structs::emit(context, type_def, fields),
        TypeShape::Union(arms) => unions::emit(context, type_def, arms),
        TypeShape::Enum(definition) => enums::emit(context, type_def, definition),
        TypeShape::Flags(definition) => enums::emit_flags(context, type_def, definition),
        TypeShape::Alias(field) => structs::emit_alias(context, type_def, field),
    });
    let messages = context.messages().map(|m| message::emit(context, m));
    let list = list(context);
    let own = fingerprints::own(context);
    let foreign = fingerprints::foreign(context);
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

/// Imports of the runtime's names that this module uses.
fn imports(context: &Context<'_>) -> TokenStream {
    let mut used = BTreeSet::new();
    let structs = context
        .types()
        .filter_map(|type_def| match &type_def.shape {
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
        });
    let structs: Vec<_> = structs.collect();
    let bodies: Vec<_> = context
        .messages()
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
    for message in context.messages() {
        used.extend(["Layout", "Message"]);
        used.extend(message.reply.map(|_| "Reply"));
        used.extend(message.event.map(|_| "Event"));
        match &message.kind {
            Kind::Passive => {}
            Kind::Request { subscription, .. } => {
                used.insert("Request");
                used.extend(subscription.as_ref().map(|_| "Subscribe"));
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

/// Name and CRC of every message, to check whether a VPP has them.
fn list(context: &Context<'_>) -> TokenStream {
    let entries: Vec<_> = context
        .messages()
        .map(|message| {
            let rust = names::ident(&message.rust);
            quote!((#rust::NAME, #rust::CRC))
        })
        .collect();
    if entries.is_empty() {
        return TokenStream::new();
    }
    quote! {
        /// Name and CRC of every message of this module.
        pub const MESSAGES: &[(&str, u32)] = &[#(#entries),*];
    }
}

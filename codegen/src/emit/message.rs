//! One message: its struct, codec and the traits that say what answers it.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::{Context, codec, defaults, doc, json, literal, structs, unions};
use crate::model::{Field, Header, Kind, Message, Scalar, Shape, Type};
use crate::names;

pub(super) fn emit(context: &Context<'_>, message: &Message) -> TokenStream {
    let rust = names::ident(&message.rust);
    let name = &message.name;
    let crc = hex(message.crc);
    let key = format!("{name}_{:08x}", message.crc);
    let docs = docs(message);
    let deprecated = message
        .deprecated
        .as_ref()
        .map(|note| quote!(#[deprecated(note = #note)]));
    let derives = structs::derives(message.derives, false);
    let fields = structs::fields(context, &message.fields);
    let default = defaults::emit(context, &rust, &message.fields, message.derives);
    let codec = codec::emit(context, &rust, &message.fields, message.size);
    let accessors = unions::accessors(context, &rust, &message.fields);
    let json = json::emit_message(context, message);
    let layout = layout(message.header);
    let service = service(context, message);
    quote! {
        #docs
        #deprecated
        #derives
        pub struct #rust { #fields }

        #default

        #codec

        impl Message for #rust {
            const NAME: &'static str = #name;
            const CRC: u32 = #crc;
            const KEY: &'static str = #key;
            const LAYOUT: Layout = #layout;
        }

        #service

        #accessors

        #json
    }
}

/// A number as VPP's key has it.
pub(super) fn hex(number: u32) -> Literal {
    // Digits after 0x are always a literal.
    format!("{number:#010x}")
        .parse()
        .unwrap_or_else(|_| Literal::u32_unsuffixed(number))
}

fn docs(message: &Message) -> TokenStream {
    let mut lines = vec![format!(
        "Message `{}`, CRC `{:08x}`.",
        message.name, message.crc
    )];
    if !message.doc.is_empty() {
        lines.push(String::new());
        lines.extend(message.doc.iter().cloned());
    }
    doc(&lines)
}

fn layout(header: Header) -> TokenStream {
    match (header.client_index, header.context, header.body) {
        (Some(2), Some(6), 10) => quote!(Layout::REQUEST),
        (None, Some(2), 6) => quote!(Layout::REPLY),
        (Some(2), None, 6) => quote!(Layout::EVENT),
        (None, None, 2) => quote!(Layout::BARE),
        (client_index, context, body) => {
            let client_index = offset(client_index);
            let context = offset(context);
            let body = literal(body);
            quote!(Layout { client_index: #client_index, context: #context, body: #body })
        }
    }
}

fn offset(at: Option<u64>) -> TokenStream {
    match at.map(literal) {
        Some(at) => quote!(Some(#at)),
        None => quote!(None),
    }
}

fn service(context: &Context<'_>, message: &Message) -> TokenStream {
    let rust = names::ident(&message.rust);
    let messages = &context.module().messages;
    let other = |place: usize| names::ident(&messages[place].rust);
    let call = match &message.kind {
        Kind::Passive => TokenStream::new(),
        Kind::OneWay => quote!(impl OneWay for #rust {}),
        Kind::Request { reply, subscribe } => {
            let reply = other(*reply);
            let subscribe = subscribe
                .map(|(event, switch)| subscription(context, message, &messages[event], switch));
            quote! {
                impl Request for #rust {
                    type Reply = #reply;
                }
                #subscribe
            }
        }
        Kind::Dump {
            details,
            stray_reply,
        } => {
            let details = other(*details);
            let stray = stray_reply.map(|place| {
                let stray = other(place);
                quote!(const STRAY_REPLY: Option<&'static str> = Some(#stray::KEY);)
            });
            quote! {
                impl Dump for #rust {
                    type Details = #details;
                    #stray
                }
            }
        }
        Kind::Get { details, reply } => {
            let cursor = cursor(message, &messages[*reply]);
            let (details, reply) = (other(*details), other(*reply));
            quote! {
                impl Get for #rust {
                    type Details = #details;
                    type Reply = #reply;
                    #cursor
                }
            }
        }
    };
    let reply = message.is_reply.then(|| reply(context, message));
    let event = message.is_event.then(|| event(context, message));
    quote!(#call #reply #event)
}

fn reply(context: &Context<'_>, message: &Message) -> TokenStream {
    let rust = names::ident(&message.rust);
    let mut fields = message.fields.iter();
    let place = fields.position(|field| field.name == "retval" && field.shape == Shape::One);
    let retval = place.map(|place| (place, &message.fields[place].ty));
    let (place, body) = match retval {
        Some((place, Type::Scalar(Scalar::I32))) => (place, quote!(self.retval)),
        Some((place, Type::Scalar(Scalar::U32))) => (place, quote!(self.retval.cast_signed())),
        _ => return quote!(impl Reply for #rust {}),
    };
    let offset = message.offset_of(place, &context.api.types).map(|at| {
        let at = literal(at);
        quote!(const RETVAL: Option<usize> = Some(#at);)
    });
    quote! {
        impl Reply for #rust {
            #offset

            fn retval(&self) -> i32 {
                #body
            }
        }
    }
}

fn event(context: &Context<'_>, message: &Message) -> TokenStream {
    let rust = names::ident(&message.rust);
    let is_pid = |field: &Field| field.name == "pid" && field.ty == Type::Scalar(Scalar::U32);
    let place = message.fields.iter().position(is_pid);
    let offset = place.and_then(|place| message.offset_of(place, &context.api.types));
    let pid = offset.map(|at| {
        let at = literal(at);
        quote!(const PID: Option<usize> = Some(#at);)
    });
    quote!(impl Event for #rust { #pid })
}

/// The offsets of a field that request and event share, and its size.
fn filter(context: &Context<'_>, request: &Message, event: &Message) -> Vec<TokenStream> {
    let types = &context.api.types;
    let fields = request.fields.iter().enumerate();
    let selecting = fields.filter(|(_, field)| field.name != "pid");
    selecting
        .filter_map(|(place, field)| {
            let same = |other: &Field| {
                other.name == field.name && other.ty == field.ty && other.shape == field.shape
            };
            let in_event = event.fields.iter().position(same)?;
            let in_request = literal(request.offset_of(place, types)?);
            let in_event = literal(event.offset_of(in_event, types)?);
            let size = literal(field.fixed_size(types)?);
            Some(quote!((#in_request, #in_event, #size)))
        })
        .collect()
}

fn subscription(
    context: &Context<'_>,
    message: &Message,
    event_message: &Message,
    switch: usize,
) -> TokenStream {
    let rust = names::ident(&message.rust);
    let event = names::ident(&event_message.rust);
    let filter = filter(context, message, event_message);
    let filter = (!filter.is_empty())
        .then(|| quote!(const FILTER: &'static [(usize, usize, usize)] = &[#(#filter),*];));
    let switch = &message.fields[switch];
    let field = names::ident(&switch.rust);
    let on = match &switch.ty {
        Type::Scalar(Scalar::Bool) => quote!(on),
        Type::Scalar(scalar) => {
            let scalar = names::ident(scalar.name());
            quote!(#scalar::from(on))
        }
        _ => quote!(on.into()),
    };
    let pid = message
        .fields
        .iter()
        .any(|field| field.name == "pid" && field.ty == Type::Scalar(Scalar::U32));
    let (pid, set_pid) = if pid {
        (quote!(pid), Some(quote!(self.pid = pid;)))
    } else {
        (quote!(_), None)
    };
    quote! {
        impl Subscribe for #rust {
            type Event = #event;
            #filter

            fn set_enabled(&mut self, on: bool, #pid: u32) {
                self.#field = #on;
                #set_pid
            }
        }
    }
}

fn cursor(request: &Message, reply: &Message) -> TokenStream {
    let has_cursor = |message: &Message| {
        message.fields.iter().any(|field| {
            field.name == "cursor"
                && field.ty == Type::Scalar(Scalar::U32)
                && field.shape == Shape::One
        })
    };
    if !has_cursor(request) || !has_cursor(reply) {
        return TokenStream::new();
    }
    let reply = names::ident(&reply.rust);
    quote! {
        fn set_cursor(&mut self, cursor: u32) {
            self.cursor = cursor;
        }

        fn next_cursor(reply: &#reply) -> Option<u32> {
            Some(reply.cursor)
        }
    }
}

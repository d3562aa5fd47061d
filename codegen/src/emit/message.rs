//! One message: its struct, codec and the traits that relate it to other messages.

use proc_macro2::TokenStream;
use quote::quote;
use syn::Ident;

use super::{Context, codec, defaults, doc, hex, json, links, literal, structs, tagged};
use crate::model::{Cursor, Event, Header, Kind, Message, Reply, Scalar, Subscription, Type};
use crate::names;

pub(super) fn emit(context: &Context<'_>, message: &Message) -> TokenStream {
    let rust = names::ident(&message.rust);
    let name = &message.name;
    let crc = hex(message.crc);
    let key = format!("{name}_{:08x}", message.crc);
    let docs = docs(context, message);
    let deprecated = deprecated(message);
    let derives = structs::derives(message.derives);
    let fields = structs::fields(context, &message.fields);
    let default = defaults::emit(context, &rust, &message.fields, message.derives);
    let codec = codec::emit(context, &rust, &message.fields, message.size);
    let accessors = tagged::accessors(context, &rust, &message.fields);
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

fn docs(context: &Context<'_>, message: &Message) -> TokenStream {
    let mut lines = vec![format!(
        "Message `{}`, CRC `{:08x}`.",
        message.name, message.crc
    )];
    let mut add = |paragraph: &mut dyn Iterator<Item = String>| {
        let mut paragraph = paragraph.peekable();
        if paragraph.peek().is_some() {
            lines.push(String::new());
            lines.extend(paragraph);
        }
    };
    add(&mut message.doc.iter().cloned());
    add(&mut links::successor(context, message).into_iter());
    add(&mut links::service(context, message).into_iter());
    if let Some(example) = &message.example {
        let start = ["# Example", "", "```no_run"].map(str::to_owned);
        let end = ["```".to_owned()];
        let code = example.lines().map(str::to_owned);
        add(&mut start.into_iter().chain(code).chain(end));
    }
    doc(&lines)
}

/// The warning at uses of a deprecated message.
fn deprecated(message: &Message) -> Option<TokenStream> {
    let deprecation = message.deprecation.as_ref()?;
    let note = match (&message.successor, &deprecation.text) {
        (Some(successor), _) => format!("VPP has replaced it with {}", successor.name),
        (None, Some(text)) => format!("VPP has deprecated it: {text}"),
        (None, None) => "VPP has deprecated it".to_owned(),
    };
    Some(quote!(#[deprecated(note = #note)]))
}

fn layout(header: Header) -> TokenStream {
    if let Some(name) = header.layout {
        let name = names::ident(name);
        return quote!(Layout::#name);
    }
    let client_index = offset(header.client_index);
    let context = offset(header.context);
    let body = literal(header.body);
    quote!(Layout { client_index: #client_index, context: #context, body: #body })
}

fn offset(at: Option<u64>) -> TokenStream {
    match at.map(literal) {
        Some(at) => quote!(Some(#at)),
        None => quote!(None),
    }
}

/// The traits that relate the message to others.
fn service(context: &Context<'_>, message: &Message) -> TokenStream {
    let rust = names::ident(&message.rust);
    let messages = &context.module().messages;
    let other = |place: usize| names::ident(&messages[place].rust);
    let call = match &message.kind {
        Kind::Passive => TokenStream::new(),
        Kind::OneWay => quote!(impl OneWay for #rust {}),
        Kind::Request {
            reply,
            subscription,
        } => {
            let reply = other(*reply);
            let subscribe = subscription
                .as_ref()
                .map(|subscription| subscribe(message, subscription, &other(subscription.event)));
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
        Kind::Get {
            details,
            reply,
            cursor,
        } => {
            let cursor = cursor.map(|place| cursor_methods(message, &messages[*reply], place));
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
    let reply = message.reply.map(|of| reply(message, of));
    let event = message.event.map(|of| event(message, of));
    quote!(#call #reply #event)
}

fn reply(message: &Message, reply: Reply) -> TokenStream {
    let rust = names::ident(&message.rust);
    let Some(retval) = reply.retval else {
        return quote!(impl Reply for #rust {});
    };
    let field = names::ident(&message.fields[retval.field].rust);
    let cast = (!retval.is_signed).then(|| quote!(.cast_signed()));
    let offset = retval.offset.map(|at| {
        let at = literal(at);
        quote!(const RETVAL: Option<usize> = Some(#at);)
    });
    quote! {
        impl Reply for #rust {
            #offset

            fn retval(&self) -> i32 {
                self.#field #cast
            }
        }
    }
}

fn event(message: &Message, event: Event) -> TokenStream {
    let rust = names::ident(&message.rust);
    let pid = event.pid.map(|at| {
        let at = literal(at);
        quote!(const PID: Option<usize> = Some(#at);)
    });
    quote!(impl Event for #rust { #pid })
}

fn subscribe(message: &Message, subscription: &Subscription, event: &Ident) -> TokenStream {
    let rust = names::ident(&message.rust);
    let selectors = subscription.selectors.iter().map(|selector| {
        let (in_request, in_event) = (literal(selector.in_request), literal(selector.in_event));
        let size = literal(selector.size);
        quote!((#in_request, #in_event, #size))
    });
    let filter = (!subscription.selectors.is_empty())
        .then(|| quote!(const FILTER: &'static [(usize, usize, usize)] = &[#(#selectors),*];));
    let switch = &message.fields[subscription.switch];
    let field = names::ident(&switch.rust);
    let on = match &switch.ty {
        Type::Scalar(Scalar::Bool) => quote!(on),
        Type::Scalar(scalar) => {
            let scalar = names::ident(scalar.name());
            quote!(#scalar::from(on))
        }
        _ => quote!(on.into()),
    };
    let (pid, set_pid) = match subscription.pid {
        Some(place) => {
            let field = names::ident(&message.fields[place].rust);
            (quote!(pid), Some(quote!(self.#field = pid;)))
        }
        None => (quote!(_), None),
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

fn cursor_methods(request: &Message, reply: &Message, cursor: Cursor) -> TokenStream {
    let in_request = names::ident(&request.fields[cursor.in_request].rust);
    let in_reply = names::ident(&reply.fields[cursor.in_reply].rust);
    let reply = names::ident(&reply.rust);
    quote! {
        fn set_cursor(&mut self, cursor: u32) {
            self.#in_request = cursor;
        }

        fn next_cursor(reply: &#reply) -> Option<u32> {
            Some(reply.#in_reply)
        }
    }
}

//! Relates requests, dumps and cursor streams to their answers and events.

use std::collections::{BTreeMap, HashMap};

use crate::Error;
use crate::error::Problem;
use crate::load::Source;
use crate::model::{
    Api, Cursor, Event, Field, Kind, Message, Reply, Retval, Scalar, Selector, Shape, Subscription,
    Type, TypeDef,
};
use crate::schema::Service;

/// Names of the field that enables events.
const SWITCHES: &[&str] = &["enable_disable", "enable", "is_enable", "enabled"];

/// Sets the kind of every message, and what it answers.
///
/// # Errors
/// A service that names a message that the file does not define.
pub fn relate(api: &mut Api, sources: &[Source]) -> Result<(), Error> {
    let types = &api.types;
    for (module, source) in api.modules.iter_mut().zip(sources) {
        let places: BTreeMap<String, usize> = module
            .messages
            .iter()
            .enumerate()
            .map(|(place, message)| (message.name.clone(), place))
            .collect();
        for (caller, service) in &source.file.services {
            let find = |name: &str| {
                places.get(name).copied().ok_or_else(|| {
                    let problem = Problem::ServiceMessage(name.to_owned());
                    Error::at(&module.file, caller, None, problem)
                })
            };
            let place = find(caller)?;
            let kind = kind(&module.messages, place, service, types, &find)?;
            if let Kind::Request { reply, .. } | Kind::Get { reply, .. } = kind {
                let reply = &mut module.messages[reply];
                reply.reply = Some(self::reply(reply, types));
            }
            let mut answers = kind.answers();
            for name in &service.events {
                let event = find(name)?;
                let message = &mut module.messages[event];
                let is_event = !matches!(kind, Kind::Dump { .. });
                message.event = is_event.then(|| self::event(message, types));
                if !answers.contains(&event) {
                    answers.push(event);
                }
            }
            for answer in answers {
                module.messages[answer].answers.push(place);
            }
            module.messages[place].kind = kind;
        }
    }
    Ok(())
}

fn kind(
    messages: &[Message],
    place: usize,
    service: &Service,
    types: &[TypeDef],
    find: &impl Fn(&str) -> Result<usize, Error>,
) -> Result<Kind, Error> {
    let request = &messages[place];
    let caller = &request.name;
    let reply = match service.reply.as_deref() {
        None | Some("null") => return Ok(Kind::OneWay),
        Some(reply) => reply,
    };
    // gre_tunnel_dump_v2 calls its details events and has a reply that is never sent.
    if let [event] = service.events.as_slice()
        && caller.contains("_dump")
        && event.contains("_details")
    {
        return Ok(Kind::Dump {
            details: find(event)?,
            stray_reply: Some(find(reply)?),
        });
    }
    if let Some(details) = &service.stream_msg {
        let (details, reply) = (find(details)?, find(reply)?);
        return Ok(Kind::Get {
            details,
            reply,
            cursor: cursor(request, &messages[reply]),
        });
    }
    if service.stream {
        // mactime_dump is answered by details and by a reply that its service does not name.
        return Ok(Kind::Dump {
            details: find(reply)?,
            stray_reply: find(&format!("{caller}_reply")).ok(),
        });
    }
    let subscription = match service.events.as_slice() {
        [event] => match switch(request) {
            Some(switch) => {
                let event = find(event)?;
                Some(subscription(messages, place, event, switch, types))
            }
            None => None,
        },
        _ => None,
    };
    Ok(Kind::Request {
        reply: find(reply)?,
        subscription,
    })
}

/// The field that enables events, if the message has one.
fn switch(message: &Message) -> Option<usize> {
    message.fields.iter().position(|field| {
        let is_integer = matches!(field.ty, Type::Scalar(scalar) if !scalar.is_float());
        SWITCHES.contains(&field.name.as_str())
            && field.shape == Shape::One
            && is_integer
            && field.ty != Type::Scalar(Scalar::I8)
    })
}

fn subscription(
    messages: &[Message],
    request: usize,
    event: usize,
    switch: usize,
    types: &[TypeDef],
) -> Subscription {
    let request = &messages[request];
    Subscription {
        event,
        switch,
        pid: pid(request),
        selectors: selectors(request, &messages[event], types),
    }
}

/// The fields that request and event share, without `pid`.
fn selectors(request: &Message, event: &Message, types: &[TypeDef]) -> Vec<Selector> {
    let event_fields = event.fields.iter().zip(event.offsets(types));
    // Field names are unique.
    let event_fields: HashMap<&str, _> = event_fields
        .map(|(field, offset)| (field.name.as_str(), (field, offset)))
        .collect();
    let fields = request.fields.iter().zip(request.offsets(types));
    let selecting = fields.filter(|(field, _)| field.name != "pid");
    selecting
        .filter_map(|(field, in_request)| {
            let (other, in_event) = event_fields.get(field.name.as_str())?;
            let is_shared = other.ty == field.ty && other.shape == field.shape;
            Some(Selector {
                in_request: in_request.filter(|_| is_shared)?,
                in_event: (*in_event)?,
                size: field.fixed_size(types)?,
            })
        })
        .collect()
}

fn pid(message: &Message) -> Option<usize> {
    let is_pid = |field: &Field| field.name == "pid" && field.is_one(Scalar::U32);
    message.fields.iter().position(is_pid)
}

fn cursor(request: &Message, reply: &Message) -> Option<Cursor> {
    let cursor = |message: &Message| {
        let is_cursor = |field: &Field| field.name == "cursor" && field.is_one(Scalar::U32);
        message.fields.iter().position(is_cursor)
    };
    Some(Cursor {
        in_request: cursor(request)?,
        in_reply: cursor(reply)?,
    })
}

fn reply(message: &Message, types: &[TypeDef]) -> Reply {
    let mut fields = message.fields.iter();
    let place = fields.position(|field| field.name == "retval" && field.shape == Shape::One);
    let retval = place.and_then(|place| {
        let is_signed = match message.fields[place].ty {
            Type::Scalar(Scalar::I32) => true,
            Type::Scalar(Scalar::U32) => false,
            _ => return None,
        };
        Some(Retval {
            field: place,
            is_signed,
            offset: message.offset_of(place, types),
        })
    });
    Reply { retval }
}

fn event(message: &Message, types: &[TypeDef]) -> Event {
    Event {
        pid: pid(message).and_then(|place| message.offset_of(place, types)),
    }
}

//! What answers what: requests, dumps, cursor streams, events.

use std::collections::BTreeMap;

use crate::Error;
use crate::error::Problem;
use crate::load::Source;
use crate::model::{Api, Kind, Message, Scalar, Shape, Type};
use crate::schema::Service;

/// Names of the field that turns events on.
const SWITCHES: &[&str] = &["enable_disable", "enable", "is_enable", "enabled"];

/// Gives every message its kind.
///
/// # Errors
/// A service that names a message which the file does not define.
pub fn classify(api: &mut Api, sources: &[Source]) -> Result<(), Error> {
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
            let kind = kind(&module.messages, place, service, &find)?;
            mark(&mut module.messages, &kind);
            for event in &service.events {
                let event = find(event)?;
                module.messages[event].is_event = !matches!(kind, Kind::Dump { .. });
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
    find: &impl Fn(&str) -> Result<usize, Error>,
) -> Result<Kind, Error> {
    let caller = &messages[place].name;
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
        return Ok(Kind::Get {
            details: find(details)?,
            reply: find(reply)?,
        });
    }
    if service.stream {
        // mactime_dump is answered by details and by a reply that its service does not name.
        return Ok(Kind::Dump {
            details: find(reply)?,
            stray_reply: find(&format!("{caller}_reply")).ok(),
        });
    }
    let subscribe = match service.events.as_slice() {
        [event] => switch(&messages[place]).map(|field| find(event).map(|event| (event, field))),
        _ => None,
    };
    Ok(Kind::Request {
        reply: find(reply)?,
        subscribe: subscribe.transpose()?,
    })
}

/// The field that turns events on, if the message has one.
fn switch(message: &Message) -> Option<usize> {
    message.fields.iter().position(|field| {
        let is_integer = matches!(field.ty, Type::Scalar(scalar) if !scalar.is_float());
        SWITCHES.contains(&field.name.as_str())
            && field.shape == Shape::One
            && is_integer
            && field.ty != Type::Scalar(Scalar::I8)
    })
}

fn mark(messages: &mut [Message], kind: &Kind) {
    match kind {
        Kind::Request { reply, .. } | Kind::Get { reply, .. } => messages[*reply].is_reply = true,
        Kind::Passive | Kind::Dump { .. } | Kind::OneWay => {}
    }
}

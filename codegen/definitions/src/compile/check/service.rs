//! Finds the reply of each message: from services, and from names.

use std::collections::{HashMap, HashSet};

use super::messages::Message;
use crate::compile::diagnostic::Fault;
use crate::compile::rule::Rule;
use crate::compile::source::Name;
use crate::compile::syntax::ast::{Item, Rpc};

/// A request and the messages that VPP sends for it.
#[derive(Debug)]
pub struct Service {
    pub caller: String,
    /// `None` for `null`.
    pub reply: Option<String>,
    pub stream: bool,
    pub stream_message: Option<String>,
    pub events: Vec<String>,
}

/// Returns the services of a file: the written ones, then those that follow from names.
///
/// `broken` contains the messages with errors of their own.
pub fn services(
    items: &[Item],
    messages: &[Message],
    broken: &HashSet<String>,
) -> (Vec<Service>, Vec<Fault>) {
    let written = items.iter().filter_map(|item| match item {
        Item::Service(rpcs) => Some(rpcs),
        _ => None,
    });
    let written: Vec<&Rpc> = written.flatten().collect();
    let by_caller = written.iter().map(|rpc| (rpc.caller.text.as_str(), *rpc));
    let names = messages.iter().map(|message| message.name.text.as_str());
    let pairing = Pairing {
        names: names.chain(broken.iter().map(String::as_str)).collect(),
        replies: written
            .iter()
            .filter_map(|rpc| text(rpc.reply.as_ref()))
            .collect(),
        // The last one counts if a message is the caller of several.
        written: by_caller.collect(),
    };
    let mut faults: Vec<Fault> = written
        .iter()
        .filter(|rpc| {
            pairing
                .written
                .get(rpc.caller.text.as_str())
                .is_some_and(|last| std::ptr::eq(*last, **rpc))
        })
        .filter_map(|rpc| pairing.check_rpc(rpc).err())
        .collect();
    let events = pairing.written.values().flat_map(|rpc| &rpc.events);
    let events: HashSet<&str> = events.map(|event| event.text.as_str()).collect();
    let mut services: Vec<Service> = written.iter().copied().map(explicit).collect();
    let mut seen = HashSet::new();
    for message in messages {
        let name = message.name.text.as_str();
        if events.contains(name) || !seen.insert(name) {
            continue;
        }
        match pairing.derive_service(&message.name) {
            Ok(service) => services.extend(service),
            Err(fault) => faults.push(fault),
        }
    }
    (services, faults)
}

fn text(name: Option<&Name>) -> Option<&str> {
    name.map(|name| name.text.as_str())
}

fn explicit(rpc: &Rpc) -> Service {
    Service {
        caller: rpc.caller.text.clone(),
        reply: rpc.reply.as_ref().map(|name| name.text.clone()),
        stream: rpc.stream,
        stream_message: rpc.stream_message.as_ref().map(|name| name.text.clone()),
        events: rpc.events.iter().map(|name| name.text.clone()).collect(),
    }
}

struct Pairing<'a> {
    names: HashSet<&'a str>,
    written: HashMap<&'a str, &'a Rpc>,
    replies: HashSet<&'a str>,
}

impl Pairing<'_> {
    fn has(&self, name: &str) -> bool {
        self.names.contains(name)
    }

    /// Checks the messages that a service names.
    fn check_rpc(&self, rpc: &Rpc) -> Result<(), Fault> {
        let known = |what: &str, name: &Name| {
            if self.has(&name.text) {
                return Ok(());
            }
            let message = format!("the {what} `{}` is not a message of this file", name.text);
            Err(Fault::new(Rule::UnknownMessage, name.span, message))
        };
        known("caller", &rpc.caller)?;
        rpc.reply
            .as_ref()
            .map_or(Ok(()), |reply| known("reply", reply))?;
        if self.replies.contains(rpc.caller.text.as_str()) {
            let caller = &rpc.caller;
            let message = format!(
                "the caller `{}` is also the reply of a service",
                caller.text
            );
            return Err(Fault::new(Rule::CallerIsReply, caller.span, message));
        }
        rpc.events
            .iter()
            .try_for_each(|event| known("event", event))
    }

    /// Returns the service that follows from the name of a message, if any.
    fn derive_service(&self, message: &Name) -> Result<Option<Service>, Fault> {
        let name = message.text.as_str();
        let is_written = |name: &str| self.written.contains_key(name);
        let fault = |rule, text: String| {
            Err(Fault::new(rule, message.span, text)
                .note("a message needs a reply with a matching name, or a service"))
        };
        if let Some(base) = name.strip_suffix("_reply") {
            if is_written(base) || self.has(base) {
                return Ok(None);
            }
            return fault(
                Rule::MissingRequest,
                format!("no message `{base}` for the reply `{name}`"),
            );
        }
        if let Some(base) = name.strip_suffix("_dump") {
            let details = format!("{base}_details");
            if is_written(name) {
                return Ok(None);
            }
            if self.has(&details) {
                return Ok(Some(derived(name, details, true)));
            }
            return fault(
                Rule::MissingDetails,
                format!("no message `{details}` for `{name}`"),
            );
        }
        if let Some(base) = name.strip_suffix("_details") {
            let (get, dump) = (format!("{base}_get"), format!("{base}_dump"));
            if self.has(&get) {
                if is_written(&get) {
                    return Ok(None);
                }
                let text = format!("no service for `{get}`, which returns `{name}`");
                return fault(Rule::MissingStream, text);
            }
            if self.has(&dump) {
                return Ok(None);
            }
            let text = format!("neither message `{dump}` nor `{get}` for `{name}`");
            return fault(Rule::MissingDump, text);
        }
        let reply = format!("{name}_reply");
        if is_written(name) {
            Ok(None)
        } else if self.has(&reply) {
            Ok(Some(derived(name, reply, false)))
        } else {
            fault(
                Rule::MissingReply,
                format!("neither message `{reply}` nor a service for `{name}`"),
            )
        }
    }
}

fn derived(caller: &str, reply: String, stream: bool) -> Service {
    Service {
        caller: caller.to_owned(),
        reply: Some(reply),
        stream,
        stream_message: None,
        events: Vec::new(),
    }
}

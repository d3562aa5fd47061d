//! What answers the messages that both sides have.

use super::reason::{Reason, What};
use super::report::{Change, Kind, State};
use super::side::Side;
use vpp_definitions::schema::Service;

/// Services of messages that came or went come and go with them.
pub fn compare(old: &Side<'_>, new: &Side<'_>) -> Vec<Change> {
    let both = old.beside(new).filter_map(|(message, other)| {
        let other = other?;
        let name = &message.definition.name;
        let (state, reasons) = match (message.service, other.service) {
            (None, None) => return None,
            (Some(old), Some(new)) => (State::Changed, changed(old, new)),
            (None, Some(service)) => {
                let added = Reason::new(What::ServiceAdded, "").new_is(shown(service));
                (State::Added, vec![added])
            }
            (Some(service), None) => {
                let removed = Reason::new(What::ServiceRemoved, "").old(shown(service));
                (State::Removed, vec![removed])
            }
        };
        let change = || Change::new(Kind::Service, name, other.module, state, reasons.clone());
        (!reasons.is_empty()).then(change)
    });
    both.collect()
}

fn shown(service: &Service) -> String {
    let reply = reply(service);
    if service.stream {
        format!("stream {reply}")
    } else {
        reply.to_owned()
    }
}

fn reply(service: &Service) -> &str {
    service.reply.as_deref().unwrap_or("null")
}

fn changed(old: &Service, new: &Service) -> Vec<Reason> {
    let mut reasons = Vec::new();
    let mut differs = |what: What, old: &str, new: &str| {
        if old != new {
            reasons.push(Reason::new(what, "").old(old).new_is(new));
        }
    };
    differs(What::ReplyChanged, reply(old), reply(new));
    let many = |service: &Service| if service.stream { "many" } else { "one" };
    differs(What::StreamChanged, many(old), many(new));
    let details = |service: &'_ Service| service.stream_msg.clone().unwrap_or("none".to_owned());
    differs(What::StreamMessageChanged, &details(old), &details(new));
    let beyond = |one: &Service, other: &Service, what: What| -> Vec<Reason> {
        let events = one
            .events
            .iter()
            .filter(|event| !other.events.contains(event));
        events.map(|event| Reason::new(what, event)).collect()
    };
    reasons.extend(beyond(old, new, What::EventRemoved));
    reasons.extend(beyond(new, old, What::EventAdded));
    reasons
}

//! Compares the services of messages that both sides contain.

use super::reason::{Reason, ReasonKind};
use super::report::{Change, ChangeKind, ItemKind};
use super::side::Side;
use vpp_definitions::schema::Service;

/// Returns the changed services. Services of added and removed messages are not reported.
pub fn compare(old: &Side<'_>, new: &Side<'_>) -> Vec<Change> {
    let both = old.pairs(new).filter_map(|(message, other)| {
        let other = other?;
        let name = &message.definition.name;
        let (state, reasons) = match (message.service, other.service) {
            (None, None) => return None,
            (Some(old), Some(new)) => (ChangeKind::Changed, changed(old, new)),
            (None, Some(service)) => {
                let added = Reason::new(ReasonKind::ServiceAdded, "").new_is(shown(service));
                (ChangeKind::Added, vec![added])
            }
            (Some(service), None) => {
                let removed = Reason::new(ReasonKind::ServiceRemoved, "").old(shown(service));
                (ChangeKind::Removed, vec![removed])
            }
        };
        let change = || {
            Change::new(
                ItemKind::Service,
                name,
                other.module,
                state,
                reasons.clone(),
            )
        };
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
    let mut differs = |what: ReasonKind, old: &str, new: &str| {
        if old != new {
            reasons.push(Reason::new(what, "").old(old).new_is(new));
        }
    };
    differs(ReasonKind::ReplyChanged, reply(old), reply(new));
    let many = |service: &Service| if service.stream { "many" } else { "one" };
    differs(ReasonKind::StreamChanged, many(old), many(new));
    let details = |service: &'_ Service| service.stream_msg.clone().unwrap_or("none".to_owned());
    differs(
        ReasonKind::StreamMessageChanged,
        &details(old),
        &details(new),
    );
    let events_only_in = |one: &Service, other: &Service, what: ReasonKind| -> Vec<Reason> {
        let events = one
            .events
            .iter()
            .filter(|event| !other.events.contains(event));
        events.map(|event| Reason::new(what, event)).collect()
    };
    reasons.extend(events_only_in(old, new, ReasonKind::EventRemoved));
    reasons.extend(events_only_in(new, old, ReasonKind::EventAdded));
    reasons
}

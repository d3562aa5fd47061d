//! Compares messages: which are added and removed, whose CRC changed, and why.

use std::collections::BTreeSet;

use serde_json::Value;

use super::fields::{self, short};
use super::reason::{Reason, ReasonKind};
use super::report::{Change, ChangeKind, ItemKind};
use super::side::{Message, Side};
use super::types::{Types, members};
use vpp_definitions::model::{Found, successor};
use vpp_definitions::schema::Field;

/// Returns the added, removed and changed messages.
pub fn compare(old: &Side<'_>, new: &Side<'_>, types: &Types<'_>) -> Vec<Change> {
    let mut changes = Vec::new();
    for (message, other) in old.pairs(new) {
        match other {
            Some(other) => changes.extend(changed(old, new, types, (message, other))),
            None => changes.push(removed(message, new)),
        }
    }
    let without_old = new.pairs(old).filter(|(_, other)| other.is_none());
    changes.extend(without_old.map(|(message, _)| added(message)));
    changes
}

fn removed(message: &Message<'_>, new: &Side<'_>) -> Change {
    let name = &message.definition.name;
    let mut change = Change::new(
        ItemKind::Message,
        name,
        message.module,
        ChangeKind::Removed,
        Vec::new(),
    );
    change.old_crc = crc(message);
    change.see = successor(name, text_option(message, "replaced_by"), |name| {
        new.message(name).is_some()
    });
    change
}

fn added(message: &Message<'_>) -> Change {
    let mut reasons = Vec::new();
    compare_status(None, message, &mut reasons);
    let name = &message.definition.name;
    let mut change = Change::new(
        ItemKind::Message,
        name,
        message.module,
        ChangeKind::Added,
        reasons,
    );
    change.new_crc = crc(message);
    change
}

fn changed(
    old: &Side<'_>,
    new: &Side<'_>,
    types: &Types<'_>,
    (message, other): (&Message<'_>, &Message<'_>),
) -> Option<Change> {
    let name = &message.definition.name;
    let lists = (
        message.definition.fields.as_slice(),
        other.definition.fields.as_slice(),
    );
    let (old_crc, new_crc) = (crc(message), crc(other));
    let has_other_crc = old_crc != new_crc;
    let mut reasons = fields::compare(lists.0, lists.1);
    let nested = nested_types(old, new, types, name, lists);
    // If the CRC is unchanged, a nested type is reported only if its bytes changed.
    reasons.extend(
        nested
            .into_iter()
            .filter(|reason| has_other_crc || reason.is_silent()),
    );
    if has_other_crc && !reasons.iter().any(Reason::is_in_crc) {
        reasons.push(Reason::new(ReasonKind::Unexplained, ""));
    }
    if message.module != other.module {
        let moved = Reason::new(ReasonKind::ModuleChanged, "");
        reasons.push(moved.old(message.module).new_is(other.module));
    }
    compare_status(Some(message), other, &mut reasons);
    if reasons.is_empty() {
        return None;
    }
    let mut change = Change::new(
        ItemKind::Message,
        name,
        other.module,
        ChangeKind::Changed,
        reasons,
    );
    change.breaking |= has_other_crc;
    change.old_crc = old_crc;
    change.new_crc = new_crc;
    Some(change)
}

/// The changed types within a message, each at its first use.
fn nested_types(
    old: &Side<'_>,
    new: &Side<'_>,
    types: &Types<'_>,
    name: &str,
    lists: (&[Field], &[Field]),
) -> Vec<Reason> {
    let mut walk = Walk {
        old,
        new,
        types,
        seen: BTreeSet::new(),
        reasons: Vec::new(),
    };
    walk.fields(name, lists.0, lists.1);
    walk.reasons
}

struct Walk<'a, 'b> {
    old: &'b Side<'a>,
    new: &'b Side<'a>,
    types: &'b Types<'a>,
    seen: BTreeSet<String>,
    reasons: Vec<Reason>,
}

impl Walk<'_, '_> {
    fn fields(&mut self, path: &str, old: &[Field], new: &[Field]) {
        for (field, other) in fields::common(old, new) {
            if field.type_name == other.type_name {
                self.named(&format!("{path}.{}", other.name), short(&field.type_name));
            }
        }
    }

    fn named(&mut self, path: &str, name: &str) {
        if !self.types.is_changed(name) || !self.seen.insert(name.to_owned()) {
            return;
        }
        let own = self.types.own(name);
        if !own.is_empty() {
            let mut reason = Reason::new(ReasonKind::TypeChanged, &format!("{path} → {name}"));
            reason.breaking = own.iter().any(|reason| reason.breaking);
            reason.reasons = own.to_vec();
            self.reasons.push(reason);
        }
        let (Some(old), Some(new)) = (self.old.types.get(name), self.new.types.get(name)) else {
            return;
        };
        match (old.found, new.found) {
            (Found::Alias(one), Found::Alias(other)) if one.type_name == other.type_name => {
                self.named(path, short(&one.type_name));
            }
            (one, other) => self.fields(path, members(one), members(other)),
        }
    }
}

/// The CRC in 8 hex digits.
pub fn crc(message: &Message<'_>) -> Option<String> {
    let crc = message.definition.meta.crc.as_deref()?;
    let digits = crc.strip_prefix("0x").unwrap_or(crc);
    let number = u32::from_str_radix(digits, 16).ok()?;
    Some(format!("{number:08x}"))
}

/// Compares the status of a message: deprecated, in progress, replaced.
fn compare_status(old: Option<&Message<'_>>, new: &Message<'_>, reasons: &mut Vec<Reason>) {
    let was = |is: fn(&Message<'_>) -> bool| old.is_some_and(is);
    match (was(is_deprecated), is_deprecated(new)) {
        (false, true) => reasons.push(Reason::new(ReasonKind::Deprecated, "")),
        (true, false) => reasons.push(Reason::new(ReasonKind::NoLongerDeprecated, "")),
        _ => {}
    }
    match (was(is_in_progress), is_in_progress(new)) {
        (false, true) => reasons.push(Reason::new(ReasonKind::InProgress, "")),
        (true, false) => reasons.push(Reason::new(ReasonKind::NoLongerInProgress, "")),
        _ => {}
    }
    let replaced = |message: &Message<'_>| text_option(message, "replaced_by").map(str::to_owned);
    match (old.and_then(replaced), replaced(new)) {
        (before, Some(by)) if before.as_ref() != Some(&by) => {
            reasons.push(Reason::new(ReasonKind::ReplacedBy, "").new_is(by));
        }
        (Some(before), None) => {
            reasons.push(Reason::new(ReasonKind::NoLongerReplaced, "").old(before));
        }
        _ => {}
    }
}

fn is_deprecated(message: &Message<'_>) -> bool {
    message.definition.meta.options.contains_key("deprecated")
        || text_option(message, "status") == Some("deprecated")
}

fn is_in_progress(message: &Message<'_>) -> bool {
    message.definition.meta.options.contains_key("in_progress")
        || text_option(message, "status") == Some("in_progress")
}

fn text_option<'a>(message: &Message<'a>, name: &str) -> Option<&'a str> {
    message
        .definition
        .meta
        .options
        .get(name)
        .and_then(Value::as_str)
}

//! Messages: which came and went, which have another CRC, and why.

use serde_json::Value;

use super::fields;
use super::path;
use super::reason::{Reason, What};
use super::report::{Change, Kind, State};
use super::side::{Message, Side};
use super::types::Types;

pub fn compare(old: &Side<'_>, new: &Side<'_>, types: &Types<'_>) -> Vec<Change> {
    let mut changes = Vec::new();
    for (message, other) in old.beside(new) {
        match other {
            Some(other) => changes.extend(changed(old, new, types, (message, other))),
            None => changes.push(removed(message, new)),
        }
    }
    let came = new.beside(old).filter(|(_, other)| other.is_none());
    changes.extend(came.map(|(message, _)| added(message)));
    changes
}

fn removed(message: &Message<'_>, new: &Side<'_>) -> Change {
    let name = &message.definition.name;
    let mut change = Change::new(
        Kind::Message,
        name,
        message.module,
        State::Removed,
        Vec::new(),
    );
    change.old_crc = crc(message);
    let replacement =
        text_option(message, "replaced_by").filter(|name| new.message(name).is_some());
    change.see = replacement.map(str::to_owned).or_else(|| latest(name, new));
    change
}

/// `memif_create_reply` → `memif_create_v2_reply`, where the new definitions have it.
fn latest(name: &str, new: &Side<'_>) -> Option<String> {
    let suffixes = ["_reply", "_details", "_dump"];
    let mut suffixes = suffixes
        .iter()
        .filter_map(|suffix| Some((name.strip_suffix(suffix)?, *suffix)));
    let (stem, suffix) = suffixes.next().unwrap_or((name, ""));
    let base = match stem.rsplit_once("_v") {
        Some((base, number)) if number.parse::<u32>().is_ok() => base,
        _ => stem,
    };
    let versions = (2..100)
        .rev()
        .map(|number| format!("{base}_v{number}{suffix}"));
    let mut names = versions.chain([format!("{base}{suffix}")]);
    names.find(|name| new.message(name).is_some())
}

fn added(message: &Message<'_>) -> Change {
    let mut reasons = Vec::new();
    status(None, message, &mut reasons);
    let name = &message.definition.name;
    let mut change = Change::new(Kind::Message, name, message.module, State::Added, reasons);
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
    let nested = path::nested(old, new, types, name, lists);
    // Under one CRC a nested type is the message's matter only where its bytes change.
    reasons.extend(
        nested
            .into_iter()
            .filter(|reason| has_other_crc || reason.is_silent()),
    );
    if has_other_crc && !reasons.iter().any(Reason::is_in_crc) {
        reasons.push(Reason::new(What::Unexplained, ""));
    }
    if message.module != other.module {
        let moved = Reason::new(What::ModuleChanged, "");
        reasons.push(moved.old(message.module).new_is(other.module));
    }
    status(Some(message), other, &mut reasons);
    if reasons.is_empty() {
        return None;
    }
    let mut change = Change::new(Kind::Message, name, other.module, State::Changed, reasons);
    change.breaking |= has_other_crc;
    change.old_crc = old_crc;
    change.new_crc = new_crc;
    Some(change)
}

/// The CRC in 8 digits.
pub fn crc(message: &Message<'_>) -> Option<String> {
    let crc = message.definition.meta.crc.as_deref()?;
    let digits = crc.strip_prefix("0x").unwrap_or(crc);
    let number = u32::from_str_radix(digits, 16).ok()?;
    Some(format!("{number:08x}"))
}

/// What became of a message's standing: deprecated, in progress, replaced.
fn status(old: Option<&Message<'_>>, new: &Message<'_>, reasons: &mut Vec<Reason>) {
    let was = |is: fn(&Message<'_>) -> bool| old.is_some_and(is);
    match (was(is_deprecated), is_deprecated(new)) {
        (false, true) => reasons.push(Reason::new(What::Deprecated, "")),
        (true, false) => reasons.push(Reason::new(What::NoLongerDeprecated, "")),
        _ => {}
    }
    match (was(is_in_progress), is_in_progress(new)) {
        (false, true) => reasons.push(Reason::new(What::InProgress, "")),
        (true, false) => reasons.push(Reason::new(What::NoLongerInProgress, "")),
        _ => {}
    }
    let replaced = |message: &Message<'_>| text_option(message, "replaced_by").map(str::to_owned);
    match (old.and_then(replaced), replaced(new)) {
        (before, Some(by)) if before.as_ref() != Some(&by) => {
            reasons.push(Reason::new(What::ReplacedBy, "").new_is(by));
        }
        (Some(before), None) => {
            reasons.push(Reason::new(What::NoLongerReplaced, "").old(before));
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

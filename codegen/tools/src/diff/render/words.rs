//! What a change is called.

use crate::diff::reason::{Reason, What};
use crate::diff::report::{Change, Kind, Numbers, Report, State};

/// What is said of the whole, a line a kind.
pub fn summary(report: &Report) -> Vec<String> {
    let mut lines = Vec::new();
    let mut modules = |names: &[String], state: &str| {
        if !names.is_empty() {
            lines.push(format!("modules {state}: {}", names.join(", ")));
        }
    };
    modules(&report.modules.removed, "removed");
    modules(&report.modules.added, "added");
    let summary = &report.summary;
    lines.push(numbers("messages", &summary.messages, true));
    lines.push(numbers("types", &summary.types, false));
    lines.push(numbers("services", &summary.services, false));
    lines
}

fn numbers(what: &str, numbers: &Numbers, has_crc: bool) -> String {
    let Numbers {
        added,
        removed,
        changed,
        crc_changed,
        breaking,
    } = numbers;
    let crc = if has_crc {
        format!(" ({crc_changed} with another CRC)")
    } else {
        String::new()
    };
    format!("{what}: {removed} removed, {changed} changed{crc}, {added} added; {breaking} breaking")
}

/// `message`, `type` or `service`.
pub fn kind(change: &Change) -> &'static str {
    match change.kind {
        Kind::Message => "message",
        Kind::Type => "type",
        Kind::Service => "service",
    }
}

/// What became of it: `removed, see x_v2`, `CRC 01020304 → 05060708`.
pub fn state(change: &Change) -> String {
    match (change.state, &change.see) {
        (State::Removed, Some(see)) => format!("removed, see {see}"),
        (State::Removed, None) => "removed".to_owned(),
        (State::Added, _) => "added".to_owned(),
        (State::Changed, _) => match (&change.old_crc, &change.new_crc) {
            (Some(old), Some(new)) if old != new => format!("CRC {old} → {new}"),
            (Some(_), Some(_)) if change.breaking => "changed under the same CRC".to_owned(),
            _ => "changed".to_owned(),
        },
    }
}

/// One reason, without those within it.
pub fn reason(reason: &Reason) -> String {
    let place = reason.place.as_deref().unwrap_or_default();
    let old = reason.old.as_deref().unwrap_or_default();
    let new = reason.new.as_deref().unwrap_or_default();
    let none = |text: &str| {
        if text.is_empty() {
            "none".to_owned()
        } else {
            text.to_owned()
        }
    };
    match reason.what {
        What::FieldAdded => format!("field {place} added: {new}"),
        What::FieldRemoved => format!("field {place} removed: {old}"),
        What::FieldRenamed => format!("field {old} renamed to {new}"),
        What::FieldMoved => format!("field {place} moved"),
        What::FieldRetyped => format!("field {place} retyped: {old} → {new}"),
        What::ArrayChanged => {
            let one = |text: &str| {
                if text.is_empty() {
                    "no array".to_owned()
                } else {
                    text.to_owned()
                }
            };
            format!(
                "field {place} has another length: {} → {}",
                one(old),
                one(new)
            )
        }
        What::CountChanged => format!("field {place} counted by {new}, not by {old}"),
        What::DefaultChanged => {
            format!("default of {place} changed: {} → {}", none(old), none(new))
        }
        What::TypeChanged => place.to_owned(),
        What::EnumeratorAdded => format!("enumerator {place} added: {new}"),
        What::EnumeratorRemoved => format!("enumerator {place} removed: {old}"),
        What::EnumeratorRenamed => format!("enumerator {old} renamed to {new}"),
        What::EnumeratorRenumbered => format!("enumerator {place} renumbered: {old} → {new}"),
        What::EnumeratorsReordered => "enumerators reordered".to_owned(),
        What::WidthChanged => {
            format!("width changed: {old} → {new}, of which no CRC says anything")
        }
        What::KindChanged => format!("{old} became {new}"),
        What::AliasChanged => {
            format!("alias of {new}, not of {old}, of which no CRC says anything")
        }
        What::ReplyChanged => format!("reply changed: {old} → {new}"),
        What::StreamChanged => format!("answered by {new}, not by {old}"),
        What::StreamMessageChanged => format!("details changed: {old} → {new}"),
        What::EventAdded => format!("event {place} added"),
        What::EventRemoved => format!("event {place} removed"),
        What::ServiceAdded => format!("answered by {new}"),
        What::ServiceRemoved => format!("no longer answered by {old}"),
        What::ModuleChanged => format!("moved from module {old} to {new}"),
        What::Deprecated => "deprecated".to_owned(),
        What::NoLongerDeprecated => "no longer deprecated".to_owned(),
        What::InProgress => "in progress: may change between releases".to_owned(),
        What::NoLongerInProgress => "no longer in progress".to_owned(),
        What::ReplacedBy => format!("replaced by {new}"),
        What::NoLongerReplaced => format!("no longer replaced by {old}"),
        What::Unexplained => {
            "nothing that the definitions show; a mark backwards_compatible came or went".to_owned()
        }
    }
}

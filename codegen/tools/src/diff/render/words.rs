//! The texts of changes.

use crate::diff::reason::{Reason, ReasonKind};
use crate::diff::report::{Change, ChangeKind, Counts, ItemKind, Report};

/// The summary, one line per kind of item.
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

fn numbers(what: &str, numbers: &Counts, has_crc: bool) -> String {
    let Counts {
        added,
        removed,
        changed,
        crc_changed,
        breaking,
    } = numbers;
    let crc = if has_crc {
        format!(" ({crc_changed} with a different CRC)")
    } else {
        String::new()
    };
    format!("{what}: {removed} removed, {changed} changed{crc}, {added} added; {breaking} breaking")
}

/// `message`, `type` or `service`.
pub fn kind(change: &Change) -> &'static str {
    match change.kind {
        ItemKind::Message => "message",
        ItemKind::Type => "type",
        ItemKind::Service => "service",
    }
}

/// The change in short: `removed, see x_v2`, `CRC 01020304 → 05060708`.
pub fn state(change: &Change) -> String {
    match (change.state, &change.see) {
        (ChangeKind::Removed, Some(see)) => format!("removed, see {see}"),
        (ChangeKind::Removed, None) => "removed".to_owned(),
        (ChangeKind::Added, _) => "added".to_owned(),
        (ChangeKind::Changed, _) => match (&change.old_crc, &change.new_crc) {
            (Some(old), Some(new)) if old != new => format!("CRC {old} → {new}"),
            (Some(_), Some(_)) if change.breaking => "changed with the same CRC".to_owned(),
            _ => "changed".to_owned(),
        },
    }
}

/// The text of a reason, without nested reasons.
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
        ReasonKind::FieldAdded => format!("field {place} added: {new}"),
        ReasonKind::FieldRemoved => format!("field {place} removed: {old}"),
        ReasonKind::FieldRenamed => format!("field {old} renamed to {new}"),
        ReasonKind::FieldMoved => format!("field {place} moved"),
        ReasonKind::FieldRetyped => format!("field {place} retyped: {old} → {new}"),
        ReasonKind::ArrayChanged => {
            let one = |text: &str| {
                if text.is_empty() {
                    "not an array".to_owned()
                } else {
                    text.to_owned()
                }
            };
            format!(
                "field {place} has a different length: {} → {}",
                one(old),
                one(new)
            )
        }
        ReasonKind::CountChanged => format!("field {place} counted by {new}, not by {old}"),
        ReasonKind::DefaultChanged => {
            format!("default of {place} changed: {} → {}", none(old), none(new))
        }
        ReasonKind::TypeChanged => place.to_owned(),
        ReasonKind::EnumeratorAdded => format!("enumerator {place} added: {new}"),
        ReasonKind::EnumeratorRemoved => format!("enumerator {place} removed: {old}"),
        ReasonKind::EnumeratorRenamed => format!("enumerator {old} renamed to {new}"),
        ReasonKind::EnumeratorRenumbered => format!("enumerator {place} renumbered: {old} → {new}"),
        ReasonKind::EnumeratorsReordered => "enumerators reordered".to_owned(),
        ReasonKind::WidthChanged => {
            format!("width changed: {old} → {new}, which no CRC shows")
        }
        ReasonKind::KindChanged => format!("{old} became {new}"),
        ReasonKind::AliasChanged => {
            format!("alias of {new}, not of {old}, which no CRC shows")
        }
        ReasonKind::ReplyChanged => format!("reply changed: {old} → {new}"),
        ReasonKind::StreamChanged => format!("answered by {new}, not by {old}"),
        ReasonKind::StreamMessageChanged => format!("details changed: {old} → {new}"),
        ReasonKind::EventAdded => format!("event {place} added"),
        ReasonKind::EventRemoved => format!("event {place} removed"),
        ReasonKind::ServiceAdded => format!("answered by {new}"),
        ReasonKind::ServiceRemoved => format!("no longer answered by {old}"),
        ReasonKind::ModuleChanged => format!("moved from module {old} to {new}"),
        ReasonKind::Deprecated => "deprecated".to_owned(),
        ReasonKind::NoLongerDeprecated => "no longer deprecated".to_owned(),
        ReasonKind::InProgress => "in progress: may change between releases".to_owned(),
        ReasonKind::NoLongerInProgress => "no longer in progress".to_owned(),
        ReasonKind::ReplacedBy => format!("replaced by {new}"),
        ReasonKind::NoLongerReplaced => format!("no longer replaced by {old}"),
        ReasonKind::Unexplained => {
            "no visible difference: a backwards_compatible mark was added or removed".to_owned()
        }
    }
}

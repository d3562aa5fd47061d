use serde::Serialize;

use super::reason::Reason;

/// The differences between two sets of definitions.
///
/// Its JSON has a stable schema. `schema` is 1 and increases only if a key is removed or changes
/// its meaning. New keys and new values of `what` can be added.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Report {
    /// The version of this schema.
    pub schema: u32,
    /// The name of the old definitions.
    pub old: String,
    /// The name of the new definitions.
    pub new: String,
    /// Whether any change is breaking.
    pub breaking: bool,
    /// The numbers of changes.
    pub summary: Summary,
    /// The added and removed modules.
    pub modules: ModuleChanges,
    /// The changes: breaking ones first, then by module, kind and name.
    pub changes: Vec<Change>,
}

/// The added and removed modules.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct ModuleChanges {
    /// In the new definitions only.
    pub added: Vec<String>,
    /// In the old definitions only.
    pub removed: Vec<String>,
}

/// The numbers of changes per kind of item.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// Messages.
    pub messages: Counts,
    /// Structs, unions, enums, enumflags and aliases.
    pub types: Counts,
    /// Services of messages that both sides contain.
    pub services: Counts,
}

/// The numbers of changes of one kind of item.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// In the new definitions only.
    pub added: usize,
    /// In the old definitions only.
    pub removed: usize,
    /// In both, and different.
    pub changed: usize,
    /// The number of `changed` whose CRC is different; messages only.
    pub crc_changed: usize,
    /// The number of breaking changes.
    pub breaking: usize,
}

/// One message, type or service that changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Change {
    /// The module that defines it or, if it was removed, defined it.
    pub module: String,
    /// Whether it is a message, type or service.
    pub kind: ItemKind,
    /// The name. A service has the name of its request.
    pub name: String,
    /// Whether it was added, removed or changed.
    pub state: ChangeKind,
    /// Whether the change breaks a program written for the old definitions.
    pub breaking: bool,
    /// The old CRC of a message, in 8 hex digits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub old_crc: Option<String>,
    /// The new CRC of a message, in 8 hex digits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub new_crc: Option<String>,
    /// The replacement or latest version of a removed message.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub see: Option<String>,
    /// The differences.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub reasons: Vec<Reason>,
}

/// An item of the definitions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ItemKind {
    /// A message.
    Message,
    /// A struct, union, enum, enumflag or alias.
    Type,
    /// The replies and events of a request.
    Service,
}

/// Whether an item was added, removed or changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ChangeKind {
    /// In the old definitions only.
    Removed,
    /// In both, and different.
    Changed,
    /// In the new definitions only.
    Added,
}

impl Report {
    pub(super) fn new(
        [old, new]: [String; 2],
        modules: ModuleChanges,
        mut changes: Vec<Change>,
    ) -> Self {
        changes.sort_by(|one, other| one.order().cmp(&other.order()));
        let mut summary = Summary::default();
        for change in &changes {
            summary.count(change);
        }
        Self {
            schema: 1,
            old,
            new,
            breaking: changes.iter().any(|change| change.breaking),
            summary,
            modules,
            changes,
        }
    }
}

impl Summary {
    fn count(&mut self, change: &Change) {
        let numbers = match change.kind {
            ItemKind::Message => &mut self.messages,
            ItemKind::Type => &mut self.types,
            ItemKind::Service => &mut self.services,
        };
        match change.state {
            ChangeKind::Added => numbers.added += 1,
            ChangeKind::Removed => numbers.removed += 1,
            ChangeKind::Changed => numbers.changed += 1,
        }
        numbers.crc_changed += usize::from(change.has_other_crc());
        numbers.breaking += usize::from(change.breaking);
    }
}

impl Change {
    /// Creates a change. It is breaking if it is a removal or if one of its reasons is.
    pub(super) fn new(
        kind: ItemKind,
        name: &str,
        module: &str,
        state: ChangeKind,
        reasons: Vec<Reason>,
    ) -> Self {
        Self {
            module: module.to_owned(),
            kind,
            name: name.to_owned(),
            state,
            breaking: state == ChangeKind::Removed || reasons.iter().any(|reason| reason.breaking),
            old_crc: None,
            new_crc: None,
            see: None,
            reasons,
        }
    }

    /// Whether both sides contain the message with different CRCs.
    #[must_use]
    pub fn has_other_crc(&self) -> bool {
        self.state == ChangeKind::Changed && self.old_crc != self.new_crc
    }

    fn order(&self) -> (bool, &str, ItemKind, ChangeKind, &str) {
        (
            !self.breaking,
            &self.module,
            self.kind,
            self.state,
            &self.name,
        )
    }
}

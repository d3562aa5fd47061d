use serde::Serialize;

use super::reason::Reason;

/// What changed between two sets of definitions.
///
/// As JSON it is a stable schema: `schema` is 1 and grows only when a key changes its
/// meaning or goes; new keys and new values of `what` may come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Report {
    /// The version of this schema.
    pub schema: u32,
    /// Where the old definitions are.
    pub old: String,
    /// Where the new definitions are.
    pub new: String,
    /// Whether any change is breaking.
    pub breaking: bool,
    /// How many changes there are.
    pub summary: Summary,
    /// The modules that came and went.
    pub modules: Modules,
    /// The changes: breaking ones first, then by module, kind and name.
    pub changes: Vec<Change>,
}

/// The modules that one side has and the other has not.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Modules {
    /// In the new definitions only.
    pub added: Vec<String>,
    /// In the old definitions only.
    pub removed: Vec<String>,
}

/// How many changes there are, by what changed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// Messages.
    pub messages: Numbers,
    /// Structs, unions, enums, enumflags and aliases.
    pub types: Numbers,
    /// What answers messages that both sides have.
    pub services: Numbers,
}

/// How many changes there are of one kind.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Numbers {
    /// In the new definitions only.
    pub added: usize,
    /// In the old definitions only.
    pub removed: usize,
    /// In both, and different.
    pub changed: usize,
    /// Of those, how many have another CRC; messages only.
    pub crc_changed: usize,
    /// How many of all these are breaking.
    pub breaking: usize,
}

/// One message, type or service that changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Change {
    /// The module that defines it, or did.
    pub module: String,
    /// What it is.
    pub kind: Kind,
    /// Its name; a service has the name of the message that it answers.
    pub name: String,
    /// Whether it came, went or changed.
    pub state: State,
    /// Whether a program that was written for the old definitions breaks.
    pub breaking: bool,
    /// A message's CRC as it was, in 8 hex digits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub old_crc: Option<String>,
    /// A message's CRC as it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub new_crc: Option<String>,
    /// For a message that is gone, the one to look at: what replaces it, or its
    /// latest version.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub see: Option<String>,
    /// What changed in it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub reasons: Vec<Reason>,
}

/// What can change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// A message.
    Message,
    /// A struct, union, enum, enumflag or alias.
    Type,
    /// What answers a message.
    Service,
}

/// Whether something came, went or changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// In the old definitions only.
    Removed,
    /// In both, and different.
    Changed,
    /// In the new definitions only.
    Added,
}

impl Report {
    pub(super) fn new([old, new]: [String; 2], modules: Modules, mut changes: Vec<Change>) -> Self {
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
            Kind::Message => &mut self.messages,
            Kind::Type => &mut self.types,
            Kind::Service => &mut self.services,
        };
        match change.state {
            State::Added => numbers.added += 1,
            State::Removed => numbers.removed += 1,
            State::Changed => numbers.changed += 1,
        }
        numbers.crc_changed += usize::from(change.has_other_crc());
        numbers.breaking += usize::from(change.breaking);
    }
}

impl Change {
    /// A change that is as breaking as its reasons; removal always is.
    pub(super) fn new(
        kind: Kind,
        name: &str,
        module: &str,
        state: State,
        reasons: Vec<Reason>,
    ) -> Self {
        Self {
            module: module.to_owned(),
            kind,
            name: name.to_owned(),
            state,
            breaking: state == State::Removed || reasons.iter().any(|reason| reason.breaking),
            old_crc: None,
            new_crc: None,
            see: None,
            reasons,
        }
    }

    /// Whether both sides have the message, with different CRCs.
    #[must_use]
    pub fn has_other_crc(&self) -> bool {
        self.state == State::Changed && self.old_crc != self.new_crc
    }

    fn order(&self) -> (bool, &str, Kind, State, &str) {
        (
            !self.breaking,
            &self.module,
            self.kind,
            self.state,
            &self.name,
        )
    }
}

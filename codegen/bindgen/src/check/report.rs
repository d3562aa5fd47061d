use serde::Serialize;
use vpp_client::table::{self, MessageTable};
use vpp_definitions::{Provider, provider};

use super::needs::{MessageKey, Need, Needs};
use crate::live::RunningVpp;

/// The result of comparing a program's needs with a VPP.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct CheckReport {
    /// The VPP.
    pub vpp: RunningVpp,
    /// The outcome of each need, in the order of the needs.
    pub outcomes: Vec<Outcome>,
}

/// The outcome of one need.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Outcome {
    /// The need.
    pub need: Need,
    /// Whether VPP has the message.
    pub presence: Presence,
    /// The message that the program would send. If VPP has none of the need's messages, this
    /// is one that VPP has with a different CRC, or the oldest fallback.
    pub message: MessageKey,
    /// The plugin and module of the message, if a VPP release has it.
    pub provider: Option<Provider>,
    /// Whether VPP has other messages of the same module.
    pub has_module: bool,
}

/// Whether VPP has a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Presence {
    /// VPP has no message of that name.
    Absent,
    /// VPP has a message of that name with a different CRC, and rejects the program's message.
    OtherCrc,
    /// VPP has the message.
    Present,
}

impl CheckReport {
    /// Compares the needs of a program with a VPP.
    #[must_use]
    pub fn of(vpp: RunningVpp, needs: &Needs) -> Self {
        let messages = vpp.messages.iter();
        let table: MessageTable = messages.map(|(name, crc)| (name.as_str(), *crc)).collect();
        let outcomes = needs.0.iter();
        let outcomes = outcomes.map(|need| Outcome::of(&vpp, &table, need));
        Self {
            outcomes: outcomes.collect(),
            vpp,
        }
    }

    /// Whether VPP has all messages that every configuration of the program needs.
    #[must_use]
    pub fn is_fit(&self) -> bool {
        self.required()
            .all(|outcome| outcome.presence == Presence::Present)
    }

    /// The outcomes of the needs of every configuration.
    pub(super) fn required(&self) -> impl Iterator<Item = &Outcome> {
        let outcomes = self.outcomes.iter();
        outcomes.filter(|outcome| outcome.need.only_for.is_none())
    }

    /// The number of outcomes with this presence.
    #[must_use]
    pub fn count(&self, presence: Presence) -> usize {
        let outcomes = self.outcomes.iter();
        outcomes
            .filter(|outcome| outcome.presence == presence)
            .count()
    }
}

impl Outcome {
    fn of(vpp: &RunningVpp, table: &MessageTable, need: &Need) -> Self {
        // A message without CRC in the list is present with any CRC.
        let crc = |key: &MessageKey| {
            let of_vpp = || vpp.messages.get(&key.name).copied();
            key.crc.or_else(of_vpp).unwrap_or_default()
        };
        let alternatives = need.messages().map(|key| (key.name.as_str(), crc(key)));
        let report = table.check_any(&[&alternatives.collect::<Vec<_>>()]);
        let (mut presence, mut message) = (Presence::Absent, &need.preferred);
        if let [best] = report.messages() {
            presence = best.presence.into();
            let is_best = |key: &&MessageKey| key.name == best.name && crc(key) == best.crc;
            message = need.messages().find(is_best).unwrap_or(message);
        }
        let provider = provider(&message.name);
        Self {
            need: need.clone(),
            presence,
            message: message.clone(),
            provider,
            has_module: provider.is_some_and(|it| has_module(vpp, it.module)),
        }
    }
}

impl From<table::Presence> for Presence {
    fn from(presence: table::Presence) -> Self {
        match presence {
            table::Presence::Present => Self::Present,
            table::Presence::OtherCrc { .. } => Self::OtherCrc,
            _ => Self::Absent,
        }
    }
}

fn has_module(vpp: &RunningVpp, module: &str) -> bool {
    let mut names = vpp.messages.keys();
    names.any(|name| provider(name).is_some_and(|provider| provider.module == module))
}

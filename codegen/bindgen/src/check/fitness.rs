use serde::Serialize;

use vpp_definitions::{Provider, provider};

use super::needs::{Need, Needs, Wanted};
use crate::live::RunningVpp;

/// What a VPP has of what a program needs.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Fitness {
    /// The VPP.
    pub vpp: RunningVpp,
    /// What became of each need, in their order.
    pub outcomes: Vec<Outcome>,
}

/// What VPP has of one need.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Outcome {
    /// The messages of which one is needed.
    pub need: Need,
    /// What VPP has of it.
    pub state: State,
    /// The message that counts: the one that would be sent; where none can be, one that VPP has
    /// with another CRC, or the last and oldest.
    pub message: Wanted,
    /// Where that message comes from, if VPP ever had one of that name.
    pub provider: Option<Provider>,
    /// Whether the VPP has other messages of the module that the message comes from.
    pub has_module: bool,
}

/// What VPP has under a message's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// No message of that name.
    Absent,
    /// A message with another CRC, which would not be understood.
    OtherCrc,
    /// The message.
    Present,
}

impl Fitness {
    /// Holds what a program needs against what a VPP has.
    #[must_use]
    pub fn of(vpp: RunningVpp, needs: &Needs) -> Self {
        let outcomes = needs.0.iter().map(|need| Outcome::of(&vpp, need)).collect();
        Self { vpp, outcomes }
    }

    /// Whether every need is met, except those that only some configurations have.
    #[must_use]
    pub fn is_fit(&self) -> bool {
        self.required()
            .all(|outcome| outcome.state == State::Present)
    }

    /// The outcomes of the needs that every configuration has.
    pub(super) fn required(&self) -> impl Iterator<Item = &Outcome> {
        let outcomes = self.outcomes.iter();
        outcomes.filter(|outcome| outcome.need.only_for.is_none())
    }

    /// How many needs are in this state.
    #[must_use]
    pub fn count(&self, state: State) -> usize {
        let outcomes = self.outcomes.iter();
        outcomes.filter(|outcome| outcome.state == state).count()
    }
}

impl Outcome {
    fn of(vpp: &RunningVpp, need: &Need) -> Self {
        let mut best = (State::Absent, &need.preferred);
        for message in need.messages() {
            let state = state(vpp, message);
            if state > best.0 || (state, best.0) == (State::Absent, State::Absent) {
                best = (state, message);
            }
        }
        let (state, message) = best;
        let provider = provider(&message.name);
        Self {
            need: need.clone(),
            state,
            message: message.clone(),
            provider,
            has_module: provider.is_some_and(|it| has_module(vpp, it.module)),
        }
    }
}

fn state(vpp: &RunningVpp, wanted: &Wanted) -> State {
    match (vpp.messages.get(&wanted.name), wanted.crc) {
        (None, _) => State::Absent,
        (Some(crc), Some(wanted)) if *crc != wanted => State::OtherCrc,
        _ => State::Present,
    }
}

fn has_module(vpp: &RunningVpp, module: &str) -> bool {
    let mut names = vpp.messages.keys();
    names.any(|name| provider(name).is_some_and(|provider| provider.module == module))
}

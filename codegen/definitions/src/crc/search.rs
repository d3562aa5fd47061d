//! Which enumerators must be marked for a recorded CRC to be right.

use std::collections::{HashMap, HashSet};

use super::definitions::{Definitions, Left};
use crate::schema::Definition;

/// What the messages of a file that were looked at say of its enums.
#[derive(Default)]
pub struct Known<'a> {
    /// Enums that some message agrees with as they are.
    pub whole: HashSet<&'a str>,
    /// Enums without their last enumerators, as some message needs them.
    left: Left<'a>,
}

impl<'a> Known<'a> {
    /// What is left out of enums, as messages that were explained need it.
    pub fn left(&self) -> &Left<'a> {
        &self.left
    }

    /// What is left out of enums where `message` has the CRC `recorded`, the fewest enums
    /// first; nothing where no two enums explain it.
    pub fn explain(
        &mut self,
        all: &Definitions<'a>,
        message: &'a Definition,
        enums: &[&'a str],
        recorded: u32,
    ) -> Option<Left<'a>> {
        let is_right = |left: &Left<'a>| {
            let crc = all.crc(message, left);
            crc.is_some_and(|(crc, _)| crc == recorded)
        };
        // What other messages need must be enough, or go with what only this one needs.
        let given = enums
            .iter()
            .filter_map(|name| self.left.get_key_value(name))
            .map(|(name, count)| (*name, *count));
        let given: Left<'a> = given.collect();
        let open = enums
            .iter()
            .filter(|name| !self.whole.contains(**name) && !given.contains_key(**name));
        let counts = |name: &&'a str| {
            let count = all.enumeration(name).map_or(0, |of| of.values.len());
            (1..=count).map(|count| (*name, count)).collect::<Vec<_>>()
        };
        let single: Vec<(&str, usize)> = open.flat_map(counts).collect();
        let pairs = single.iter().enumerate().flat_map(|(at, one)| {
            let others = single.iter().skip(at + 1);
            others
                .filter(|other| other.0 != one.0)
                .map(|other| [*one, *other])
        });
        let none = std::iter::once(Vec::new());
        let candidates = none
            .chain(single.iter().map(|one| vec![*one]))
            .chain(pairs.map(Vec::from))
            .take(LIMIT);
        for candidate in candidates {
            let mut left = given.clone();
            left.extend(candidate);
            if !left.is_empty() && is_right(&left) {
                self.left.extend(left.iter());
                return Some(left);
            }
        }
        None
    }
}

/// How many ways are tried for one message.
const LIMIT: usize = 20_000;

/// The enumerators that `left` leaves out, as `enum.enumerator`, sorted by enum.
pub fn names(all: &Definitions, left: &HashMap<&str, usize>) -> Vec<String> {
    let mut enums: Vec<_> = left.iter().collect();
    enums.sort_unstable();
    let mut names = Vec::new();
    for (name, count) in enums {
        let values = all.enumeration(name).map_or(&[][..], |of| &of.values);
        let marked = values.iter().skip(values.len().saturating_sub(*count));
        names.extend(marked.map(|(value, _)| format!("{name}.{value}")));
    }
    names
}

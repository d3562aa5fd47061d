//! Infers the marked enumerators of JSON from recorded CRCs.

use std::collections::{HashMap, HashSet};

use super::Marks;
use super::types::{Omitted, TypeTable, recorded_crc};
use crate::schema::{Definition, File};

/// The maximum number of combinations that are tried for one message.
const LIMIT: usize = 20_000;

/// Infers from the recorded CRCs of a file's messages which enumerators CRCs leave out.
///
/// The entry of an enum is empty if no enumerator is left out. Enums that no message depends
/// on have no entry.
pub fn infer_marks(file: &File) -> Marks {
    let types = TypeTable::of(file);
    let (none, mut findings) = (Omitted::default(), Findings::default());
    let mut open = Vec::new();
    for message in &file.messages {
        match (types.crc(message, &none), recorded_crc(message)) {
            (Some((crc, enums)), Some(recorded)) if crc == recorded => {
                findings.unmarked.extend(enums);
            }
            (Some((_, enums)), Some(recorded)) => open.push((message, enums, recorded)),
            _ => {}
        }
    }
    loop {
        let before = open.len();
        open.retain(|(message, enums, recorded)| {
            let Some(omitted) = findings.explain(&types, message, enums, *recorded) else {
                return true;
            };
            // The matching CRC contains all enumerators of the other enums.
            let unmarked = enums.iter().filter(|name| !omitted.contains_key(*name));
            findings.unmarked.extend(unmarked);
            false
        });
        if open.len() == before {
            break;
        }
    }
    let mut marks: Marks = findings
        .unmarked
        .iter()
        .map(|name| ((*name).to_owned(), Default::default()))
        .collect();
    for name in enumerator_names(&types, &findings.omitted) {
        if let Some((of, enumerator)) = name.split_once('.') {
            marks
                .entry(of.to_owned())
                .or_default()
                .insert(enumerator.to_owned());
        }
    }
    marks
}

/// What the CRCs of the messages seen so far show about the enums of a file.
#[derive(Default)]
pub struct Findings<'a> {
    /// Enums without marked enumerators.
    pub unmarked: HashSet<&'a str>,
    /// The marked enumerators of the other enums.
    omitted: Omitted<'a>,
}

impl<'a> Findings<'a> {
    /// Finds enumerators that have to be left out for `message` to have the CRC `recorded`.
    ///
    /// Tries the fewest enums first. Returns `None` if no choice of up to two enums explains
    /// the CRC.
    pub fn explain(
        &mut self,
        types: &TypeTable<'a>,
        message: &'a Definition,
        enums: &[&'a str],
        recorded: u32,
    ) -> Option<Omitted<'a>> {
        let is_right = |omitted: &Omitted<'a>| {
            let crc = types.crc(message, omitted);
            crc.is_some_and(|(crc, _)| crc == recorded)
        };
        // Earlier findings hold for this message too; only the other enums are tried.
        let given = enums
            .iter()
            .filter_map(|name| self.omitted.get_key_value(name))
            .map(|(name, count)| (*name, *count));
        let given: Omitted<'a> = given.collect();
        let open = enums
            .iter()
            .filter(|name| !self.unmarked.contains(**name) && !given.contains_key(**name));
        let counts = |name: &&'a str| {
            let count = types.enumeration(name).map_or(0, |of| of.values.len());
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
            let mut omitted = given.clone();
            omitted.extend(candidate);
            if !omitted.is_empty() && is_right(&omitted) {
                self.omitted.extend(omitted.iter());
                return Some(omitted);
            }
        }
        None
    }
}

/// The omitted enumerators as `enum.enumerator`, sorted by enum.
pub fn enumerator_names(types: &TypeTable, omitted: &HashMap<&str, usize>) -> Vec<String> {
    let mut enums: Vec<_> = omitted.iter().collect();
    enums.sort_unstable();
    let mut names = Vec::new();
    for (name, count) in enums {
        let values = types.enumeration(name).map_or(&[][..], |of| &of.values);
        let marked = values.iter().skip(values.len().saturating_sub(*count));
        names.extend(marked.map(|(value, _)| format!("{name}.{value}")));
    }
    names
}

//! Compares two lists of fields.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::reason::{Reason, ReasonKind};
use vpp_definitions::names;
use vpp_definitions::schema::Field;

/// Returns the differences between two lists of fields.
pub fn compare(old: &[Field], new: &[Field]) -> Vec<Reason> {
    let pairs = Pairs::of(old, new);
    let mut reasons = Vec::new();
    let moved = pairs.moved();
    for (at, field) in old.iter().enumerate() {
        let Some(other) = pairs.of_old[at].map(|at| &new[at]) else {
            reasons.push(Reason::new(ReasonKind::FieldRemoved, &field.name).old(shown(field)));
            continue;
        };
        if field.name != other.name {
            let renamed = Reason::new(ReasonKind::FieldRenamed, &field.name);
            reasons.push(renamed.old(&field.name).new_is(&other.name));
        }
        if moved.contains(&at) {
            reasons.push(Reason::new(ReasonKind::FieldMoved, &field.name));
        }
        compare_pair(field, other, &mut reasons);
    }
    let known: BTreeSet<usize> = pairs.of_old.iter().flatten().copied().collect();
    let is_added = |at: &usize| !known.contains(at);
    for field in (0..new.len()).filter(is_added).map(|at| &new[at]) {
        reasons.push(Reason::new(ReasonKind::FieldAdded, &field.name).new_is(shown(field)));
    }
    reasons
}

/// The pairs of fields that both lists contain.
pub fn common<'a>(
    old: &'a [Field],
    new: &'a [Field],
) -> impl Iterator<Item = (&'a Field, &'a Field)> {
    let pairs = Pairs::of(old, new);
    let both = old.iter().zip(pairs.of_old);
    both.filter_map(|(field, at)| Some((field, &new[at?])))
}

fn compare_pair(old: &Field, new: &Field, reasons: &mut Vec<Reason>) {
    let name = &new.name;
    let mut differs = |what: ReasonKind, old: String, new: String| {
        if old != new {
            reasons.push(Reason::new(what, name).old(old).new_is(new));
        }
    };
    let type_name = |field: &Field| short(&field.type_name).to_owned();
    differs(ReasonKind::FieldRetyped, type_name(old), type_name(new));
    differs(ReasonKind::ArrayChanged, length(old), length(new));
    if length(old) == length(new) {
        let count = |field: &Field| field.count.clone().unwrap_or("nothing".to_owned());
        differs(ReasonKind::CountChanged, count(old), count(new));
    }
    differs(ReasonKind::DefaultChanged, default(old), default(new));
}

/// Pairs of old and new fields.
struct Pairs {
    /// The index of the new field for each old field.
    of_old: Vec<Option<usize>>,
}

impl Pairs {
    fn of(old: &[Field], new: &[Field]) -> Self {
        let mut by_name: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (at, field) in new.iter().enumerate().rev() {
            by_name.entry(&field.name).or_default().push(at);
        }
        let find = |field: &Field| by_name.get_mut(field.name.as_str())?.pop();
        let mut pairs = Self {
            of_old: old.iter().map(find).collect(),
        };
        pairs.pair_renamed(old, new);
        pairs
    }

    /// Pairs a removed field with an added one of the same type at the same position: it was
    /// renamed.
    fn pair_renamed(&mut self, old: &[Field], new: &[Field]) {
        let mut is_taken = vec![false; new.len()];
        for at in self.of_old.iter().flatten() {
            is_taken[*at] = true;
        }
        let mut next = 0;
        for (at, field) in old.iter().enumerate() {
            if let Some(paired) = self.of_old[at] {
                next = paired + 1;
                continue;
            }
            let like = |other: &Field| {
                (&field.type_name, field.length, &field.count)
                    == (&other.type_name, other.length, &other.count)
            };
            if new.get(next).is_some_and(like) && !is_taken[next] {
                self.of_old[at] = Some(next);
                is_taken[next] = true;
                next += 1;
            }
        }
    }

    /// Returns the moved fields: the smallest set such that the others keep their order.
    fn moved(&self) -> BTreeSet<usize> {
        let both: Vec<(usize, usize)> = self
            .of_old
            .iter()
            .enumerate()
            .filter_map(|(old, new)| Some((old, (*new)?)))
            .collect();
        // The longest increasing subsequence. For each length, `ends` has the subsequence with
        // the smallest last index.
        let mut ends: Vec<usize> = Vec::new();
        let mut before = vec![None; both.len()];
        for (at, (_, new)) in both.iter().enumerate() {
            let length = ends.partition_point(|end| both[*end].1 < *new);
            before[at] = length.checked_sub(1).map(|length| ends[length]);
            if length == ends.len() {
                ends.push(at);
            } else {
                ends[length] = at;
            }
        }
        let mut stays = vec![false; both.len()];
        let mut last = ends.last().copied();
        while let Some(at) = last {
            stays[at] = true;
            last = before[at];
        }
        let moved = both.iter().zip(stays).filter(|(_, stays)| !stays);
        moved.map(|((old, _), _)| *old).collect()
    }
}

/// The type of a field in the API language.
fn shown(field: &Field) -> String {
    format!("{}{}", short(&field.type_name), length(field))
}

fn length(field: &Field) -> String {
    match (&field.count, field.length) {
        (Some(_), _) | (None, Some(0)) => "[]".to_owned(),
        (None, Some(length)) => format!("[{length}]"),
        (None, None) => String::new(),
    }
}

/// The default of a field. JSON has `true` as text and `false` as a boolean.
fn default(field: &Field) -> String {
    match field.options.get("default") {
        None => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    }
}

/// `vl_api_address_t` → `address`
pub fn short(type_name: &str) -> &str {
    names::defined_type(type_name).unwrap_or(type_name)
}

//! Compares structs, unions, enums, enumflags and aliases.

use std::collections::{BTreeMap, BTreeSet};

use super::fields::{self, short};
use super::reason::{Reason, ReasonKind};
use super::report::{Change, ChangeKind, ItemKind};
use super::side::Side;
use vpp_definitions::model::Found;
use vpp_definitions::schema::{Alias, EnumDefinition, Field};

/// The differences of the types that both sides contain, by name.
pub struct Types<'a> {
    own: BTreeMap<&'a str, Vec<Reason>>,
    /// The types that changed or contain a type that changed.
    deep: BTreeSet<&'a str>,
}

impl<'a> Types<'a> {
    pub fn compare(old: &Side<'a>, new: &Side<'a>) -> Self {
        let mut types = Self {
            own: BTreeMap::new(),
            deep: BTreeSet::new(),
        };
        let mut users: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for (name, ty) in &old.types {
            let Some(other) = new.types.get(name) else {
                continue;
            };
            let reasons = compare(ty.found, other.found);
            if !reasons.is_empty() {
                types.own.insert(name, reasons);
            }
            for used in names_in(ty.found) {
                users.entry(used).or_default().push(name);
            }
        }
        let mut waiting: Vec<&str> = types.own.keys().copied().collect();
        while let Some(name) = waiting.pop() {
            if types.deep.insert(name) {
                waiting.extend(users.get(name).into_iter().flatten());
            }
        }
        types
    }

    /// The differences of the type itself.
    pub fn own(&self, name: &str) -> &[Reason] {
        self.own.get(name).map_or(&[], Vec::as_slice)
    }

    /// Whether the type, or a type within it, changed.
    pub fn is_changed(&self, name: &str) -> bool {
        self.deep.contains(name)
    }

    /// The types that were added, removed, changed or moved to another module.
    pub fn changes(&self, old: &Side<'_>, new: &Side<'_>) -> Vec<Change> {
        let mut changes = Vec::new();
        for (name, ty) in &old.types {
            let Some(other) = new.types.get(name) else {
                let state = ChangeKind::Removed;
                changes.push(Change::new(
                    ItemKind::Type,
                    name,
                    ty.module,
                    state,
                    Vec::new(),
                ));
                continue;
            };
            let mut reasons = self.own(name).to_vec();
            if ty.module != other.module {
                let moved = Reason::new(ReasonKind::ModuleChanged, "");
                reasons.push(moved.old(ty.module).new_is(other.module));
            }
            if !reasons.is_empty() {
                let state = ChangeKind::Changed;
                changes.push(Change::new(
                    ItemKind::Type,
                    name,
                    other.module,
                    state,
                    reasons,
                ));
            }
        }
        for (name, ty) in &new.types {
            if !old.types.contains_key(name) {
                let state = ChangeKind::Added;
                changes.push(Change::new(
                    ItemKind::Type,
                    name,
                    ty.module,
                    state,
                    Vec::new(),
                ));
            }
        }
        changes
    }
}

/// The fields of a struct or union. Other types have none.
pub fn members(found: Found<'_>) -> &[Field] {
    match found {
        Found::Struct(definition) | Found::Union(definition) => &definition.fields,
        Found::Enum(_) | Found::Flags(_) | Found::Alias(_) => &[],
    }
}

/// The names of the types that a type uses.
pub fn names_in(found: Found<'_>) -> Vec<&str> {
    match found {
        Found::Alias(alias) => vec![short(&alias.type_name)],
        other => {
            let members = members(other).iter();
            members.map(|field| short(&field.type_name)).collect()
        }
    }
}

fn compare(old: Found<'_>, new: Found<'_>) -> Vec<Reason> {
    match (old, new) {
        (Found::Struct(old), Found::Struct(new)) | (Found::Union(old), Found::Union(new)) => {
            fields::compare(&old.fields, &new.fields)
        }
        (Found::Enum(old), Found::Enum(new)) | (Found::Flags(old), Found::Flags(new)) => {
            enums(old, new)
        }
        (Found::Alias(old), Found::Alias(new)) => aliases(old, new),
        (old, new) => {
            let mut reasons = vec![
                Reason::new(ReasonKind::KindChanged, "")
                    .old(kind(old))
                    .new_is(kind(new)),
            ];
            if let (Found::Enum(old), Found::Flags(new)) | (Found::Flags(old), Found::Enum(new)) =
                (old, new)
            {
                reasons.extend(enums(old, new));
            }
            reasons
        }
    }
}

fn kind(found: Found<'_>) -> &'static str {
    match found {
        Found::Struct(_) => "struct",
        Found::Union(_) => "union",
        Found::Enum(_) => "enum",
        Found::Flags(_) => "enumflag",
        Found::Alias(_) => "alias",
    }
}

fn aliases(old: &Alias, new: &Alias) -> Vec<Reason> {
    let shown = |alias: &Alias| match alias.length {
        Some(length) => format!("{}[{length}]", short(&alias.type_name)),
        None => short(&alias.type_name).to_owned(),
    };
    if shown(old) == shown(new) {
        return Vec::new();
    }
    let changed = Reason::new(ReasonKind::AliasChanged, "");
    vec![changed.old(shown(old)).new_is(shown(new))]
}

fn enums(old: &EnumDefinition, new: &EnumDefinition) -> Vec<Reason> {
    let mut reasons = Vec::new();
    let width = |definition: &EnumDefinition| definition.wire.clone().unwrap_or("u32".to_owned());
    if width(old) != width(new) {
        let changed = Reason::new(ReasonKind::WidthChanged, "");
        reasons.push(changed.old(width(old)).new_is(width(new)));
    }
    let by_name = |definition: &EnumDefinition| -> BTreeMap<String, i128> {
        definition.values.iter().cloned().collect()
    };
    let (olds, news) = (by_name(old), by_name(new));
    let is_removed = |(name, _): &&(String, i128)| !news.contains_key(name);
    let is_added = |(name, _): &&(String, i128)| !olds.contains_key(name);
    let mut added: Vec<_> = new.values.iter().filter(is_added).collect();
    for (name, value) in old.values.iter().filter(is_removed) {
        // An added enumerator with the same value is the renamed one.
        match added.iter().position(|(_, other)| other == value) {
            Some(at) => {
                let (other, _) = added.remove(at);
                let renamed = Reason::new(ReasonKind::EnumeratorRenamed, name);
                reasons.push(renamed.old(name).new_is(other));
            }
            None => reasons
                .push(Reason::new(ReasonKind::EnumeratorRemoved, name).old(value.to_string())),
        }
    }
    for (name, value) in &olds {
        if let Some(other) = news.get(name)
            && other != value
        {
            let changed = Reason::new(ReasonKind::EnumeratorRenumbered, name);
            reasons.push(changed.old(value.to_string()).new_is(other.to_string()));
        }
    }
    for (name, value) in added {
        reasons.push(Reason::new(ReasonKind::EnumeratorAdded, name).new_is(value.to_string()));
    }
    if reasons.is_empty() && old.values != new.values {
        reasons.push(Reason::new(ReasonKind::EnumeratorsReordered, ""));
    }
    reasons
}

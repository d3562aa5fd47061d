//! Checks imports that are VPP's JSON, which repeats the types of its own imports.

use std::collections::{HashSet, VecDeque};
use std::rc::Rc;
use std::sync::Arc;

use super::checked::Entry;
use super::checker::{Checker, Comments, Stop};
use super::fields::text;
use super::types::{Type, TypeKind, name};
use crate::compile::diagnostic::Fault;
use crate::compile::parsed::Parsed;
use crate::compile::rule::Rule;
use crate::compile::syntax::ast::{Block, Enum, Field, Item};
use crate::crc::Fold;
use crate::names::field_type;

impl Checker<'_> {
    /// Checks a JSON file, and returns its definitions as its source had them: the imported
    /// ones, then its own.
    pub fn check_installed(&mut self, file: &Arc<Parsed>, depth: usize) -> Vec<Entry> {
        self.report(file, file.faults.iter().cloned());
        self.lacks_types |= !file.faults.is_empty();
        let mut entries = Vec::new();
        // In the list of imports, each import is followed by its own imports.
        let mut repeated = VecDeque::<Rc<str>>::new();
        let mut imported = HashSet::new();
        for (at, item) in file.items.iter().enumerate() {
            let result = if let Item::Import(import) = item {
                if repeated.front().is_some_and(|next| **next == *import.text) {
                    repeated.pop_front();
                    continue;
                }
                let start = entries.len();
                let result = self.import(import, depth, &mut entries);
                let added = entries.get(start + 1..).unwrap_or_default();
                repeated = added.iter().filter_map(import_of).collect();
                let types = added.iter().filter_map(|entry| self.type_of(entry));
                imported.extend(types.filter_map(|ty| Some(ty.name()?.text.clone())));
                result
            } else if name(item).is_some_and(|name| imported.contains(&name.text)) {
                self.check_repeated(item)
            } else {
                let none = &mut Comments::default();
                self.item(file, at, item, depth, none, &mut entries)
            };
            if let Err(stop) = result {
                self.mark_broken(file, item, stop);
            }
        }
        entries
    }

    fn type_of(&self, entry: &Entry) -> Option<&Type> {
        match entry {
            Entry::Type(at) => self.types.at(*at),
            _ => None,
        }
    }

    /// Checks that a repeated type equals the imported one. They differ if the files are from
    /// different releases.
    fn check_repeated(&self, item: &Item) -> Result<(), Stop> {
        let known = name(item).and_then(|name| {
            let known = self.types.get(&field_type(&name.text))?;
            Some((name, known))
        });
        let Some((name, known)) = known else {
            return Ok(());
        };
        let is_same = match (item, known.kind()) {
            (Item::Struct(one), Some(TypeKind::Struct(other)))
            | (Item::Union(one), Some(TypeKind::Union(other))) => fold(one) == fold(other),
            (Item::Alias(one), Some(TypeKind::Alias(other))) => alias(one) == alias(other),
            (Item::Enum(one), Some(TypeKind::Enum(other))) => {
                enumeration(one) == enumeration(other)
                    && self.values(one).ok().as_ref() == Some(&known.facts.values)
            }
            _ => false,
        };
        if is_same {
            return Ok(());
        }
        let path = known.file.source.path.display();
        let message = format!("type `{}` differs from its definition in {path}", name.text);
        Err(Fault::new(Rule::InstalledRelease, name.span, message)
            .note("use definitions of one VPP release")
            .into())
    }
}

fn import_of(entry: &Entry) -> Option<Rc<str>> {
    match entry {
        Entry::Import(text) => Some(Rc::clone(text)),
        _ => None,
    }
}

fn fold(block: &Block) -> Fold {
    text(&block.fields().collect::<Vec<_>>())
}

fn alias(field: &Field) -> impl PartialEq {
    let array = field.array();
    let array = array.map(|(length, count)| (length, count.map(str::to_owned)));
    (field.ty.text.clone(), array)
}

fn enumeration(of: &Enum) -> impl PartialEq {
    let names = of.values.iter().map(|one| one.name.text.clone());
    (of.wire, of.is_flags, names.collect::<Vec<_>>())
}

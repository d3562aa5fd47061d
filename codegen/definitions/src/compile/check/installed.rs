//! Imports that are VPP's JSON, which repeats all that it imports in turn.

use std::collections::{HashSet, VecDeque};
use std::rc::Rc;
use std::sync::Arc;

use super::checked::Entry;
use super::comments::Comments;
use super::fields::text;
use super::types::name;
use super::types::{Shape, Type, in_fields};
use super::unit::{Stop, Unit};
use crate::compile::diagnostic::Fault;
use crate::compile::files::Parsed;
use crate::compile::rule::Rule;
use crate::compile::syntax::ast::{Block, Enum, Field, Item};
use crate::crc::Fold;

impl Unit<'_> {
    /// The definitions of a file of JSON as its source had them: what it imports, then what is
    /// its own.
    pub fn walk_installed(&mut self, file: &Arc<Parsed>, depth: usize) -> Vec<Entry> {
        self.report(file, file.faults.iter().cloned());
        self.misses_types |= !file.faults.is_empty();
        let mut entries = Vec::new();
        // Behind each import the list has what that one imports.
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
                let brought = entries.get(start + 1..).unwrap_or_default();
                repeated = brought.iter().filter_map(import_of).collect();
                let types = brought.iter().filter_map(|entry| self.type_of(entry));
                imported.extend(types.filter_map(|ty| Some(ty.name()?.text.clone())));
                result
            } else if name(item).is_some_and(|name| imported.contains(&name.text)) {
                self.is_same(item)
            } else {
                let none = &mut Comments::default();
                self.item(file, at, item, depth, none, &mut entries)
            };
            if let Err(stop) = result {
                self.stop(file, item, stop);
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

    /// A file repeats a type as it was where the file was made.
    fn is_same(&self, item: &Item) -> Result<(), Stop> {
        let known = name(item).and_then(|name| {
            let known = self.types.get(&in_fields(&name.text))?;
            Some((name, known))
        });
        let Some((name, known)) = known else {
            return Ok(());
        };
        let is_same = match (item, known.shape()) {
            (Item::Struct(one), Some(Shape::Struct(other)))
            | (Item::Union(one), Some(Shape::Union(other))) => fold(one) == fold(other),
            (Item::Alias(one), Some(Shape::Alias(other))) => alias(one) == alias(other),
            (Item::Enum(one), Some(Shape::Enum(other))) => {
                enumeration(one) == enumeration(other)
                    && self.values(one).ok().as_ref() == Some(&known.facts.values)
            }
            _ => false,
        };
        if is_same {
            return Ok(());
        }
        let path = known.file.source.path.display();
        let message = format!("`{}` is another type here than in {path}", name.text);
        Err(Fault::new(Rule::InstalledRelease, name.span, message)
            .note("take all definitions from one VPP")
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

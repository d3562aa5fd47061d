//! Restores the order of definitions, which the JSON groups by kind.

use std::collections::{HashSet, VecDeque};

use crate::compile::syntax::ast::{Block, Item};
use crate::names::field_type;

type Entry = (Item, Option<String>);

/// Merges the definitions of all kinds. Each follows the definitions that it uses, and the order
/// within a kind is kept.
///
/// Such an order exists, since the source had one. If it does not, the JSON was not compiled
/// from a source, and using a missing type is an error later.
pub fn by_use<const N: usize>(kinds: [Vec<Entry>; N]) -> Vec<Entry> {
    let mut queues = kinds.map(VecDeque::from);
    let waiting = queues.iter().flatten();
    let mut waiting: HashSet<String> = waiting.filter_map(|(item, _)| name(item)).collect();
    let mut ordered = Vec::new();
    while queues.iter().any(|queue| !queue.is_empty()) {
        let is_next = |queue: &VecDeque<Entry>| {
            let first = queue.front();
            first.is_some_and(|(item, _)| uses(item).all(|ty| !waiting.contains(ty)))
        };
        let next = queues.iter().position(is_next);
        let next = next.or_else(|| queues.iter().position(|queue| !queue.is_empty()));
        let Some(entry) = next.and_then(|at| queues.get_mut(at)?.pop_front()) else {
            break;
        };
        if let Some(name) = name(&entry.0) {
            waiting.remove(&name);
        }
        ordered.push(entry);
    }
    ordered
}

/// The name of a type in fields.
fn name(item: &Item) -> Option<String> {
    let name = match item {
        Item::Struct(block) | Item::Union(block) => &block.name,
        Item::Alias(field) => &field.name,
        Item::Enum(of) => &of.name,
        _ => return None,
    };
    Some(field_type(&name.text))
}

/// The types of an item's fields.
fn uses(item: &Item) -> impl Iterator<Item = &str> {
    let (block, alias): (Option<&Block>, _) = match item {
        Item::Struct(block) | Item::Union(block) => (Some(block), None),
        Item::Alias(field) => (None, Some(field)),
        _ => (None, None),
    };
    let fields = block.into_iter().flat_map(Block::fields).chain(alias);
    fields.map(|field| field.ty.text.as_str())
}

//! The order of definitions that the JSON has by kind.

use std::collections::{HashSet, VecDeque};

use crate::compile::syntax::ast::{Block, Item};

type Entry = (Item, Option<String>);

/// Definitions of each kind in the order that they have, and each behind those that it uses.
///
/// There is such an order, as the source had one; where nothing is left that could come next,
/// the JSON was not made of a source, and what is missing is an error of whoever uses it.
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

/// How fields name it.
fn name(item: &Item) -> Option<String> {
    let name = match item {
        Item::Struct(block) | Item::Union(block) => &block.name,
        Item::Alias(field) => &field.name,
        Item::Enum(of) => &of.name,
        _ => return None,
    };
    Some(format!("vl_api_{}_t", name.text))
}

/// The types of its fields.
fn uses(item: &Item) -> impl Iterator<Item = &str> {
    let (block, alias): (Option<&Block>, _) = match item {
        Item::Struct(block) | Item::Union(block) => (Some(block), None),
        Item::Alias(field) => (None, Some(field)),
        _ => (None, None),
    };
    let fields = block.into_iter().flat_map(Block::fields).chain(alias);
    fields.map(|field| field.ty.text.as_str())
}

//! What definitions mean: types looked up, every rule checked, CRCs computed.

mod checked;
mod comments;
mod enums;
mod fields;
mod imports;
mod installed;
mod messages;
mod proof;
mod service;
mod types;
mod unions;
mod unit;

use std::collections::{BTreeSet, HashMap, HashSet};
use std::path::Path;
use std::sync::Arc;

pub use checked::{Assumed, Checked, Entry};
pub use messages::{Message, REPLY};
pub use service::Service;
use service::services;
pub use types::Shape;
use types::{Type, Types};
pub use unit::Tree;
use unit::Unit;

use super::diagnostic::Diagnostic;
use super::files::Parsed;
use super::syntax::ast::Item;
use crate::crc::{Fold, Marks};

/// Checks `file`, which was read from `path`.
///
/// Where messages depend on enums of JSON, what other messages say of them is looked up; that
/// some of their enumerators do not count is rare, and what then differs is computed again.
pub fn check(tree: &Tree, path: &Path, file: Arc<Parsed>) -> Result<Checked, Vec<Diagnostic>> {
    let checked = check_with(tree, path, Arc::clone(&file), Marks::new())?;
    let (marks, assumed) = checked.prove(tree.evidence);
    let mut checked = if marks.is_empty() {
        checked
    } else {
        check_with(tree, path, file, marks)?
    };
    checked.assumed = assumed;
    Ok(checked)
}

fn check_with(
    tree: &Tree,
    path: &Path,
    file: Arc<Parsed>,
    marks: Marks,
) -> Result<Checked, Vec<Diagnostic>> {
    let mut unit = Unit {
        tree,
        release: tree.release,
        root: path,
        types: Types::default(),
        counts: HashSet::new(),
        imports: HashMap::new(),
        read: BTreeSet::new(),
        trusts: false,
        marks: &marks,
        messages: Vec::new(),
        broken: HashSet::new(),
        misses_types: false,
        faults: Vec::new(),
    };
    let entries = unit.walk(&file, 0);
    let misses_messages = file
        .items
        .iter()
        .any(|item| matches!(item, Item::Broken { name: None }));
    let services = if misses_messages || file.items.is_empty() {
        Vec::new()
    } else {
        let (services, faults) = services(&file.items, &unit.messages, &unit.broken);
        unit.report(&file, faults);
        services
    };
    if !unit.faults.is_empty() {
        return Err(unit.faults);
    }
    let is_ordered = !unit.types.iter().any(Type::is_installed);
    let crc = entries.iter().fold(Fold::EMPTY, |crc, entry| match entry {
        Entry::Import(_) => crc,
        Entry::Type(at) => crc.then(unit.types.at(*at).map_or(Fold::EMPTY, |ty| ty.facts.own)),
        Entry::Own(fold) => crc.then(*fold),
    });
    Ok(Checked {
        file,
        types: unit.types,
        entries,
        messages: unit.messages,
        services,
        crc: is_ordered.then(|| crc.crc()),
        assumed: Vec::new(),
        imports: unit.read.into_iter().collect(),
        proven: marks,
    })
}

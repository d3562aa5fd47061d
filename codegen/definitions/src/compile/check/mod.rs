//! Checks definitions: looks up types, checks every rule, computes CRCs.

mod checked;
mod checker;
mod enums;
mod fields;
mod imports;
mod installed;
mod messages;
mod service;
mod types;
mod unions;

use std::collections::{BTreeSet, HashMap, HashSet};
use std::path::Path;
use std::sync::Arc;

pub use checked::{AssumedCrc, Checked, Entry};
use checker::Checker;
pub use checker::Shared;
pub use messages::{Message, REPLY};
pub use service::Service;
use service::services;
pub use types::TypeKind;
use types::{Type, Types};

use super::diagnostic::Diagnostic;
use super::parsed::Parsed;
use super::syntax::ast::Item;
use crate::crc::{Fold, Marks};

/// Checks `file`, which was read from `path`.
///
/// If messages depend on enums of JSON, the marked enumerators of these enums are inferred from
/// other messages. Marked enumerators are rare, so the file is checked again only if there are
/// some.
pub fn check(shared: &Shared, path: &Path, file: Arc<Parsed>) -> Result<Checked, Vec<Diagnostic>> {
    let checked = check_with(shared, path, Arc::clone(&file), Marks::new())?;
    let (marks, assumed) = checked.infer_marks(shared.evidence);
    let mut checked = if marks.is_empty() {
        checked
    } else {
        check_with(shared, path, file, marks)?
    };
    checked.assumed = assumed;
    Ok(checked)
}

fn check_with(
    shared: &Shared,
    path: &Path,
    file: Arc<Parsed>,
    marks: Marks,
) -> Result<Checked, Vec<Diagnostic>> {
    let mut checker = Checker {
        shared,
        release: shared.release,
        root: path,
        types: Types::default(),
        counts: HashSet::new(),
        imports: HashMap::new(),
        read: BTreeSet::new(),
        is_trusted: false,
        marks: &marks,
        messages: Vec::new(),
        broken: HashSet::new(),
        lacks_types: false,
        faults: Vec::new(),
    };
    let entries = checker.check_source(&file, 0);
    let lacks_messages = file
        .items
        .iter()
        .any(|item| matches!(item, Item::Broken { name: None }));
    let services = if lacks_messages || file.items.is_empty() {
        Vec::new()
    } else {
        let (services, faults) = services(&file.items, &checker.messages, &checker.broken);
        checker.report(&file, faults);
        services
    };
    if !checker.faults.is_empty() {
        return Err(checker.faults);
    }
    let is_ordered = !checker.types.iter().any(Type::is_installed);
    let own = |at: usize| checker.types.at(at).map_or(Fold::EMPTY, |ty| ty.facts.own);
    let crc = entries.iter().fold(Fold::EMPTY, |crc, entry| match entry {
        Entry::Import(_) => crc,
        Entry::Type(at) => crc.then(own(*at)),
        Entry::Own(fold) => crc.then(*fold),
    });
    Ok(Checked {
        file,
        types: checker.types,
        entries,
        messages: checker.messages,
        services,
        crc: is_ordered.then(|| crc.crc()),
        assumed: Vec::new(),
        imports: checker.read.into_iter().collect(),
        inferred: marks,
    })
}

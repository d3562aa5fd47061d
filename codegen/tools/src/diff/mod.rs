//! Compares two sets of definitions, and decides which changes break a program.
//!
//! Definitions are compared as in the files, not as in Rust: by name, field by field.
//! [`Reason::is_breaking`] defines which changes are breaking.
//!
//! [`side`] is one set of definitions by name. [`fields`], [`types`], [`messages`] and
//! [`services`] compare, [`selection`] limits the comparison, [`render`] formats the report.

mod fields;
mod messages;
mod reason;
mod render;
mod report;
mod selection;
mod services;
mod side;
mod types;

use std::collections::BTreeSet;

pub use reason::{Reason, ReasonKind};
pub use render::Style;
pub use report::{Change, ChangeKind, Counts, ItemKind, ModuleChanges, Report, Summary};
use selection::Selection;
pub use selection::{DiffError, DiffOptions};
use side::Side;
use vpp_definitions::progress::{self, Stage};
use vpp_definitions::{Input, Options};

/// Compares the definitions `old` with `new`.
///
/// # Errors
/// The definitions cannot be read or do not resolve, or neither set contains a module or
/// message of the options.
pub fn diff(
    old: impl IntoIterator<Item: Into<Input>>,
    new: impl IntoIterator<Item: Into<Input>>,
    options: &DiffOptions,
) -> Result<Report, DiffError> {
    let (old, new) = (vpp_definitions::inputs(old), vpp_definitions::inputs(new));
    let load =
        |inputs: &[Input]| vpp_definitions::load(inputs.iter().cloned(), &Options::default());
    let (old_model, new_model) = (load(&old)?, load(&new)?);
    progress::report(Stage::Comparing, 0, 0);
    let old_side = Side::new(&old_model.sources, &old_model.api);
    let new_side = Side::new(&new_model.sources, &new_model.api);
    let selection = Selection::new(&old_side, &new_side, options)?;

    let types = types::Types::compare(&old_side, &new_side);
    let mut changes = types.changes(&old_side, &new_side);
    changes.extend(messages::compare(&old_side, &new_side, &types));
    changes.extend(services::compare(&old_side, &new_side));
    changes.retain(|change| selection.contains(change));

    Ok(Report::new(
        [old, new].map(|inputs| names(&inputs)),
        ModuleChanges {
            added: modules_only_in(&new_side, &old_side, &selection),
            removed: modules_only_in(&old_side, &new_side, &selection),
        },
        changes,
    ))
}

fn names(inputs: &[Input]) -> String {
    let names: Vec<_> = inputs.iter().map(Input::to_string).collect();
    names.join(", ")
}

/// The selected modules that `one` contains and `other` does not.
fn modules_only_in(one: &Side<'_>, other: &Side<'_>, selection: &Selection) -> Vec<String> {
    let known: BTreeSet<_> = other.modules.iter().collect();
    let modules = one.modules.iter();
    let modules =
        modules.filter(|name| !known.contains(name) && selection.contains_module(one, name));
    modules.map(|name| (*name).to_owned()).collect()
}

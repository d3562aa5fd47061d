//! What changed between two sets of definitions, and what of it breaks a program.
//!
//! Definitions are compared as the files have them, not as Rust: by name, field by
//! field. What counts as breaking stands in one place, [`Reason::is_breaking`].
//!
//! One concept a file: [`side`] is one set of definitions by name, [`fields`], [`types`],
//! [`messages`] and [`services`] compare, [`used`] limits to what a program uses,
//! [`render`] prints.

mod error;
mod fields;
mod messages;
mod path;
mod reason;
mod render;
mod report;
mod services;
mod side;
mod types;
mod used;

use std::collections::BTreeSet;

pub use error::DiffError;
pub use reason::{Reason, What};
pub use render::Style;
pub use report::{Change, Kind, Modules, Numbers, Report, State, Summary};
use side::Side;
use used::Used;
use vpp_definitions::progress::{self, Stage};
use vpp_definitions::{Input, Options};

/// What a comparison is limited to; all where nothing is said.
#[derive(Debug, Clone, Default)]
pub struct DiffOptions {
    /// Only what these modules define, in either set of definitions.
    pub modules: Vec<String>,
    /// Only these messages, by name or key, with what answers them and the types in them. Of
    /// the keys of one message, one must be of either set: other CRCs are an error.
    pub used: Option<Vec<String>>,
}

/// Compares the definitions `old` with `new`.
///
/// # Errors
/// Definitions that do not resolve; a module or message that neither side has.
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
    let used = used::check(&old_side, &new_side, options)?;

    let types = types::Types::compare(&old_side, &new_side);
    let mut changes = types.changes(&old_side, &new_side);
    changes.extend(messages::compare(&old_side, &new_side, &types));
    changes.extend(services::compare(&old_side, &new_side));
    changes.retain(|change| used.has(change));

    Ok(Report::new(
        [old, new].map(|inputs| names(&inputs)),
        Modules {
            added: beyond(&new_side, &old_side, &used),
            removed: beyond(&old_side, &new_side, &used),
        },
        changes,
    ))
}

fn names(inputs: &[Input]) -> String {
    let names: Vec<_> = inputs.iter().map(Input::to_string).collect();
    names.join(", ")
}

/// The modules that one side has beyond the other.
fn beyond(one: &Side<'_>, other: &Side<'_>, used: &Used) -> Vec<String> {
    let known: BTreeSet<_> = other.modules.iter().collect();
    let modules = one.modules.iter();
    let beyond = modules.filter(|name| !known.contains(name) && used.has_module(one, name));
    beyond.map(|name| (*name).to_owned()).collect()
}

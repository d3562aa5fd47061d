//! An `.api.json` as one `.api` text that imports nothing: a test of the compiler where VPP's
//! sources are not at hand.
//!
//! Types of imported files are written out, each before what uses it; replies made by
//! `autoreply` are written like any other. Comments and the names of imports are left out.

mod blocks;
mod counters;
mod folder;
mod option;
mod order;
mod same;
mod services;
mod types;

use std::collections::BTreeSet;

use serde_json::Value;

pub use folder::{check_folder, decompile_folder};
pub use same::check_same;

/// The text of a file of definitions, with the enumerators of `marked` (as
/// `enum.enumerator`) marked `backwards_compatible`, of which the JSON says nothing.
///
/// # Errors
/// What the language has no words for, by definition.
pub fn decompile(file: &Value, marked: &BTreeSet<String>) -> Result<String, String> {
    let mut text = option::file_options(&file["options"])?;
    for definition in order::types(file)? {
        text += &types::definition(&definition, marked)?;
    }
    for message in list(&file["messages"]) {
        text += &blocks::message(message)?;
    }
    text += &services::services(file)?;
    for block in list(&file["counters"]) {
        text += &counters::counters(block)?;
    }
    for block in list(&file["paths"]) {
        text += &counters::paths(block)?;
    }
    Ok(text)
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

/// A string that has to be there.
fn text(value: &Value) -> Result<&str, String> {
    value
        .as_str()
        .ok_or_else(|| format!("{value} is no string"))
}

/// What stands first in a definition.
fn name(definition: &Value) -> Result<&str, String> {
    text(&definition[0])
}

//! Converts `.api.json` to `.api` text without imports, to test the compiler without VPP's
//! sources.
//!
//! The text contains the types of imported files, each before its users, and the replies of
//! `autoreply`. It leaves out comments and imports.

mod blocks;
mod counters;
mod folder;
mod option;
mod same;
mod services;
mod types;

use std::collections::BTreeSet;

use serde_json::Value;

pub use folder::{check_folder, decompile_folder};
pub use same::check_same;

/// Converts a JSON document to `.api` text. `marked` lists the enumerators that are
/// `backwards_compatible` (as `enum.enumerator`), which the JSON does not contain.
///
/// # Errors
/// The definition that the language cannot express, and the reason.
pub fn decompile(file: &Value, marked: &BTreeSet<String>) -> Result<String, String> {
    let mut text = option::file_options(&file["options"])?;
    for definition in types::types(file)? {
        text += &definition.to_text(marked)?;
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

/// A required string.
fn text(value: &Value) -> Result<&str, String> {
    value
        .as_str()
        .ok_or_else(|| format!("{value} is not a string"))
}

/// The name of a definition, which is its first element.
fn name(definition: &Value) -> Result<&str, String> {
    text(&definition[0])
}

//! Compares two `.api.json` documents.

use std::collections::BTreeMap;

use serde_json::Value;

use super::list;

/// Checks that two documents have the same messages in the same order, with their CRCs and
/// options, and the same types, services, options, counters and paths.
///
/// It ignores the order of types, repetitions, imports, comments and the CRC of the whole file,
/// which depends on these.
///
/// # Errors
/// The first definition that differs.
pub fn check_same(found: &Value, expected: &Value) -> Result<(), String> {
    for key in ["types", "unions", "enums", "enumflags"] {
        let (found, expected) = (by_name(&found[key]), by_name(&expected[key]));
        same(key, &found, &expected)?;
    }
    let messages = |file: &Value| -> Vec<Value> {
        let messages = list(&file["messages"]).iter();
        messages.map(without_comment).collect()
    };
    let (of_found, of_expected) = (messages(found), messages(expected));
    for (found, expected) in of_found.iter().zip(&of_expected) {
        same("message", found, expected)?;
    }
    same("count of messages", &of_found.len(), &of_expected.len())?;
    for key in ["services", "options", "aliases", "counters", "paths"] {
        same(key, &found[key], &expected[key])?;
    }
    Ok(())
}

fn same<T: PartialEq + std::fmt::Debug>(what: &str, found: &T, expected: &T) -> Result<(), String> {
    if found == expected {
        return Ok(());
    }
    Err(format!("{what}: {found:?} instead of {expected:?}"))
}

fn by_name(definitions: &Value) -> BTreeMap<String, Value> {
    let definitions = list(definitions).iter();
    definitions
        .map(|one| (one[0].to_string(), without_comment(one)))
        .collect()
}

/// A definition without its comment. A type without comment has no object at its end, while a
/// message always has one.
fn without_comment(definition: &Value) -> Value {
    let mut definition = definition.clone();
    if let Some(parts) = definition.as_array_mut() {
        if let Some(Value::Object(facts)) = parts.last_mut() {
            facts.shift_remove("comment");
        }
        parts.retain(|part| part.as_object().is_none_or(|facts| !facts.is_empty()));
    }
    definition
}

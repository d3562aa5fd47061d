//! Counters and their paths in the statistics segment.

use std::slice;

use serde_json::Value;

use super::option::quoted;
use super::{list, text};

pub fn counters(block: &Value) -> Result<String, String> {
    let elements = list(&block["elements"]).iter().map(counter);
    let elements: String = elements.collect::<Result<_, _>>()?;
    let name = text(&block["name"])?;
    Ok(format!("counters {name}\n{{\n{elements}}};\n"))
}

fn counter(counter: &Value) -> Result<String, String> {
    let facts = counter.as_object().into_iter().flatten();
    let facts = facts.filter(|(key, _)| *key != "name");
    let fact = |(key, value): (&String, &Value)| {
        let value = text(value)?;
        let value = match key.as_str() {
            "units" | "description" => quoted(value)?,
            _ => value.to_owned(),
        };
        Ok(format!(" {key} {value};"))
    };
    let facts: String = facts.map(fact).collect::<Result<_, String>>()?;
    Ok(format!("  {} {{{facts} }};\n", text(&counter["name"])?))
}

/// Paths. The JSON of a block with one path has no list.
pub fn paths(block: &Value) -> Result<String, String> {
    let paths = match block {
        Value::Array(paths) => paths.as_slice(),
        one => slice::from_ref(one),
    };
    let path = |path: &Value| {
        let (path, counter) = (text(&path["path"])?, text(&path["counter"])?);
        Ok(format!("  {} {};\n", quoted(path)?, quoted(counter)?))
    };
    let paths: String = paths.iter().map(path).collect::<Result<_, String>>()?;
    Ok(format!("paths\n{{\n{paths}}};\n"))
}

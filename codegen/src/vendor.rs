//! Copying definitions as facts: names, types, numbers, CRCs, options; prose is left behind.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use serde::Serialize;
use serde_json::Value;

use crate::output::{self, Stale};
use crate::{Error, Generated, input, model};

/// Options and keys that hold sentences, not facts.
const PROSE: &[&str] = &["comment", "vat_help", "description"];

/// Writes the definitions of `modules` and of all that they import from `from` to `out`,
/// with the folders that `from` has (`core`, `plugins`), and removes definitions that
/// are in `out` and not among them. All modules where `modules` is empty. Gives the
/// names of the modules written.
///
/// # Errors
/// When `from` cannot be read or lacks a module, or `out` cannot be written; `out` is
/// then as it was.
pub fn vendor(from: &Path, out: &Path, modules: &[String]) -> Result<Vec<String>, Error> {
    let sources = input::load(&[from.to_path_buf()])?;
    let wanted = wanted(&sources, modules)?;
    let mut files = Vec::new();
    for source in sources
        .iter()
        .filter(|source| wanted.contains(&source.module))
    {
        let text = fs::read(&source.path).map_err(|error| Error::Read {
            path: source.path.clone(),
            source: error,
        })?;
        let mut json: Value = serde_json::from_slice(&text).map_err(|error| Error::Json {
            file: source.name.clone(),
            source: error,
        })?;
        drop_prose(&mut json);
        let root = if from.is_dir() {
            Some(from)
        } else {
            from.parent()
        };
        let place = root.and_then(|root| source.path.strip_prefix(root).ok());
        let place = place.unwrap_or(&source.path);
        files.push(Generated {
            name: place.to_string_lossy().into_owned(),
            text: facts(&json),
        });
    }
    output::write(out, &files, Stale::Definitions)?;
    Ok(wanted.into_iter().collect())
}

fn wanted(sources: &[input::Source], modules: &[String]) -> Result<BTreeSet<String>, Error> {
    let known = || sources.iter().map(|source| source.module.as_str());
    let mut wanted = BTreeSet::new();
    let mut waiting: Vec<String> = if modules.is_empty() {
        known().map(str::to_owned).collect()
    } else {
        modules.to_vec()
    };
    while let Some(module) = waiting.pop() {
        let source = sources.iter().find(|source| source.module == module);
        let source = source.ok_or_else(|| Error::UnknownModule {
            module: module.clone(),
            known: known().collect::<Vec<_>>().join(", "),
        })?;
        if wanted.insert(module) {
            waiting.extend(source.file.imports.iter().map(|import| model::stem(import)));
        }
    }
    Ok(wanted)
}

fn drop_prose(json: &mut Value) {
    match json {
        Value::Object(map) => {
            map.retain(|key, _| !PROSE.contains(&key.as_str()));
            map.values_mut().for_each(drop_prose);
        }
        Value::Array(items) => items.iter_mut().for_each(drop_prose),
        _ => {}
    }
}

/// The text as VPP's own tool lays it out: four spaces, one newline at the end.
fn facts(json: &Value) -> String {
    let mut text = Vec::new();
    let format = serde_json::ser::PrettyFormatter::with_indent(b"    ");
    let mut to = serde_json::Serializer::with_formatter(&mut text, format);
    // Writing a JSON value to memory meets no error, and what it writes is UTF-8.
    let _ = json.serialize(&mut to);
    let mut text = String::from_utf8(text).unwrap_or_default();
    text.push('\n');
    text
}

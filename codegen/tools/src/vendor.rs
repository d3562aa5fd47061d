//! Copying definitions as facts: names, types, numbers, CRCs, options; prose is left behind.

use std::collections::BTreeSet;
use std::path::Path;

use serde::Serialize;
use serde_json::Value;

use vpp_definitions::output::{self, Generated, Stale};
use vpp_definitions::progress::Stage;
use vpp_definitions::{Error, Input, Options, Source, internal, names};

/// Options and keys that hold sentences, not facts.
const PROSE: &[&str] = &["comment", "vat_help", "description"];

/// Writes the definitions of `modules` and of all that they import to the folder `out`, at
/// the places that they have in `from` (`core`, `plugins`), and removes definitions that are
/// in `out` and not among them. All modules where `modules` is empty. Gives the names of the
/// modules written.
///
/// # Errors
/// When `from` cannot be read, does not resolve or lacks a module, or `out` cannot be
/// written; `out` is then as it was.
pub fn vendor(
    from: impl Into<Input>,
    out: &Path,
    modules: &[String],
) -> Result<Vec<String>, Error> {
    let sources = vpp_definitions::load([from], &Options::default())?.sources;
    let sources: Vec<_> = sources.iter().filter(|source| !source.is_import).collect();
    let wanted = wanted(&sources, modules)?;
    let chosen = sources
        .iter()
        .filter(|source| wanted.contains(&source.module));
    let files = internal::map(Stage::Formatting, chosen, |source| {
        let mut json: Value = source.json()?;
        drop_prose(&mut json);
        Ok(Generated {
            name: source.place.to_string_lossy().into_owned(),
            text: facts(&json),
        })
    });
    let files = files.into_iter().collect::<Result<Vec<_>, Error>>()?;
    output::write(out, &files, Stale::Definitions)?;
    Ok(wanted.into_iter().collect())
}

/// The modules, and those that they import as far as they are there: an answer of
/// `get_api_json` has none for modules without messages.
fn wanted(sources: &[&Source], modules: &[String]) -> Result<BTreeSet<String>, Error> {
    let known = || sources.iter().map(|source| source.module.as_str());
    let mut waiting: Vec<String> = if modules.is_empty() {
        known().map(str::to_owned).collect()
    } else {
        modules.to_vec()
    };
    for module in &waiting {
        if !known().any(|known| known == module) {
            return Err(Error::UnknownModule {
                module: module.clone(),
                known: known().collect::<Vec<_>>().join(", "),
            });
        }
    }
    let mut wanted = BTreeSet::new();
    while let Some(module) = waiting.pop() {
        let source = sources.iter().find(|source| source.module == module);
        if let Some(source) = source
            && wanted.insert(module)
        {
            waiting.extend(source.file.imports.iter().map(|import| names::stem(import)));
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

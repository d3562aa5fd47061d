//! Copying definitions as facts: names, types, numbers, CRCs, options; prose is left behind.

use std::collections::BTreeSet;
use std::path::Path;

use serde::Serialize;
use serde_json::Value;

use crate::input::{Source, Text};
use crate::output::{self, Stale};
use crate::progress::Stage;
use crate::{Definitions, Error, Generated, input, model, parallel, resolve};

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
    from: impl Into<Definitions>,
    out: &Path,
    modules: &[String],
) -> Result<Vec<String>, Error> {
    let texts = input::texts(&[from.into()])?;
    let sources = parallel::map(Stage::Parsing, &texts, Text::parse);
    let sources = sources.into_iter().collect::<Result<Vec<_>, _>>()?;
    let of_sources = sources.iter().map(model::module).collect();
    resolve::resolve(&sources, of_sources, &resolve::Options::default())?;
    let wanted = wanted(&sources, modules)?;
    let texts: Vec<_> = texts
        .iter()
        .filter(|text| wanted.contains(&text.module))
        .collect();
    let files = parallel::map(Stage::Formatting, &texts, |text| {
        let mut json: Value = text.json()?;
        drop_prose(&mut json);
        Ok(Generated {
            name: text.place.to_string_lossy().into_owned(),
            text: facts(&json),
        })
    });
    let files = files.into_iter().collect::<Result<Vec<_>, Error>>()?;
    output::write(out, &files, Stale::Definitions)?;
    Ok(wanted.into_iter().collect())
}

/// The modules, and those that they import as far as they are there: an answer of
/// `get_api_json` has none for modules without messages.
fn wanted(sources: &[Source], modules: &[String]) -> Result<BTreeSet<String>, Error> {
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

//! Copies definitions without prose: names, types, numbers, CRCs and options.

use std::collections::BTreeSet;
use std::path::Path;

use serde::Serialize;
use serde_json::Value;

use vpp_definitions::output::{self, Generated, Stale};
use vpp_definitions::progress::Stage;
use vpp_definitions::{Error, Input, Options, Source, names, parallel};

/// Options and keys with prose.
const PROSE: &[&str] = &["comment", "vat_help", "description"];

/// Writes the definitions of `modules` and of their imports to the folder `out`.
///
/// An empty `modules` selects all modules. The files have the same paths as in `from` (`core`,
/// `plugins`). Other `.api.json` files in `out` are removed. Returns the names of the written
/// modules.
///
/// # Errors
/// `from` cannot be read, does not resolve or lacks a module, or `out` cannot be written. `out`
/// is then unchanged.
pub fn vendor(
    from: impl Into<Input>,
    out: &Path,
    modules: &[String],
) -> Result<Vec<String>, Error> {
    let sources = vpp_definitions::load([from], &Options::default())?.sources;
    let sources: Vec<_> = sources.iter().filter(|source| !source.is_import).collect();
    let wanted = with_imports(&sources, modules)?;
    let selected = sources
        .iter()
        .filter(|source| wanted.contains(&source.module));
    let files = parallel::map(Stage::Formatting, selected, |source| {
        let mut json: Value = source.json()?;
        remove_prose(&mut json);
        Ok(Generated {
            name: source.path.to_string_lossy().into_owned(),
            text: format(&json),
        })
    });
    let files = files.into_iter().collect::<Result<Vec<_>, Error>>()?;
    output::write(out, &files, Stale::Definitions)?;
    Ok(wanted.into_iter().collect())
}

/// Returns the modules and their imports. Missing imports are skipped: `get_api_json` returns no
/// definitions of modules without messages.
fn with_imports(sources: &[&Source], modules: &[String]) -> Result<BTreeSet<String>, Error> {
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
            waiting.extend(
                source
                    .file
                    .imports
                    .iter()
                    .map(|import| names::module(import)),
            );
        }
    }
    Ok(wanted)
}

fn remove_prose(json: &mut Value) {
    match json {
        Value::Object(map) => {
            map.retain(|key, _| !PROSE.contains(&key.as_str()));
            map.values_mut().for_each(remove_prose);
        }
        Value::Array(items) => items.iter_mut().for_each(remove_prose),
        _ => {}
    }
}

/// Formats JSON as VPP's own tool does: indented by four spaces, with a newline at the end.
fn format(json: &Value) -> String {
    let mut text = Vec::new();
    let format = serde_json::ser::PrettyFormatter::with_indent(b"    ");
    let mut to = serde_json::Serializer::with_formatter(&mut text, format);
    // Writing a JSON value to memory is infallible, and the result is UTF-8.
    let _ = json.serialize(&mut to);
    let mut text = String::from_utf8(text).unwrap_or_default();
    text.push('\n');
    text
}

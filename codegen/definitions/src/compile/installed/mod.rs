//! Reads the `.api.json` that VPP installs instead of the source that it was compiled from.
//!
//! Only types and imports are read, because importing files see nothing else. The JSON lacks
//! two properties of types: which enumerators are `backwards_compatible`, which `evidence`
//! infers, and the order of types of different kinds, on which only the CRC of the whole file
//! depends.

mod items;
mod order;

use std::collections::HashMap;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::diagnostic::Fault;
use super::rule::Rule;
use super::source::{Source, Span};
use super::syntax::ast::Item;
use items::Reader;

/// The imports and types of an installed file.
#[derive(Debug, Default)]
pub struct Installed {
    /// The imports, then the types. A type follows those that it uses.
    pub items: Vec<Item>,
    /// The comments of types, by their index among the items.
    pub comments: HashMap<usize, String>,
}

#[derive(Deserialize)]
struct Document<'a> {
    #[serde(borrow, default)]
    types: Vec<&'a RawValue>,
    #[serde(borrow, default)]
    unions: Vec<&'a RawValue>,
    #[serde(borrow, default)]
    enums: Vec<&'a RawValue>,
    #[serde(borrow, default)]
    enumflags: Vec<&'a RawValue>,
    #[serde(borrow, default)]
    aliases: Option<&'a RawValue>,
    #[serde(borrow, default)]
    imports: Vec<&'a RawValue>,
}

/// Parses the definitions in `source`.
pub fn parse(source: &Source) -> Result<Installed, Fault> {
    let document: Document<'_> = serde_json::from_str(&source.text).map_err(|error| {
        let at = source.line_start(error.line()) + error.column().saturating_sub(1);
        fault(character(&source.text, at), &problem(&error))
    })?;
    let reader = Reader { source };
    let imports = document.imports.into_iter().map(|raw| reader.import(raw));
    let mut items = imports.collect::<Result<Vec<_>, _>>()?;

    let all = |raw: Vec<&RawValue>, read: &dyn Fn(&RawValue) -> items::ReadItem| {
        raw.into_iter().map(read).collect::<Result<Vec<_>, _>>()
    };
    let kinds = [
        all(document.enums, &|raw| reader.enumeration(raw, false))?,
        all(document.enumflags, &|raw| reader.enumeration(raw, true))?,
        reader.aliases(document.aliases)?,
        all(document.types, &|raw| reader.structure(raw))?,
        all(document.unions, &|raw| reader.union(raw))?,
    ];
    let mut comments = HashMap::new();
    for (item, comment) in order::by_use(kinds) {
        comments.extend(comment.map(|comment| (items.len(), comment)));
        items.push(item);
    }
    Ok(Installed { items, comments })
}

/// The span of the character that contains a byte.
fn character(text: &str, byte: usize) -> Span {
    let start = text.floor_char_boundary(byte);
    let rest = text.get(start..).unwrap_or_default();
    Span::new(start, start + rest.chars().next().map_or(0, char::len_utf8))
}

/// The error without line and column, which the fault has.
fn problem(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let place = format!(" at line {} column {}", error.line(), error.column());
    text.strip_suffix(&place).unwrap_or(&text).to_owned()
}

fn fault(span: Span, problem: &dyn std::fmt::Display) -> Fault {
    let message = format!("not a valid .api.json file of VPP: {problem}");
    Fault::new(Rule::InstalledJson, span, message)
}

//! Documentation that is kept apart from the definitions.

use std::collections::BTreeMap;
use std::str::FromStr;

use crate::names::is_identifier;

/// Documentation of messages, types and fields, and examples for messages.
///
/// The text form has one entry per item: its name, a colon and Markdown. A field's name
/// follows that of its message or type after a dot. `*` documents the fields with one name in
/// all messages and types that have no entry for them. Indented lines continue an entry, `#`
/// starts a comment.
///
/// ```
/// let docs: vpp_definitions::Docs = "
/// ## Facts from src/plugins/memif/memif.api.
/// memif_delete: Deletes a memif interface.
/// memif_delete.sw_if_index: The interface. It must be
///   a memif.
/// *.retval: 0, or the number of an error.
/// "
/// .parse()?;
/// # Ok::<(), vpp_definitions::BadDocs>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Docs {
    texts: BTreeMap<String, Vec<String>>,
    examples: BTreeMap<String, String>,
}

/// A line that is not an entry of a documentation file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: expected NAME: TEXT or NAME.FIELD: TEXT, each once, not {text:?}")]
pub struct BadDocs {
    /// The number of the line, from 1.
    pub line: usize,
    /// The line.
    pub text: String,
}

impl Docs {
    /// Adds the entries of `other`, which replace those with the same name.
    pub fn extend(&mut self, other: Self) {
        self.texts.extend(other.texts);
        self.examples.extend(other.examples);
    }

    /// Adds an example for a message: Rust code that rustdoc compiles and does not run.
    pub fn add_example(&mut self, message: impl Into<String>, code: impl Into<String>) {
        self.examples.insert(message.into(), code.into());
    }

    /// The names of all entries: messages and types, and fields after a dot.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.texts.keys().map(String::as_str)
    }

    /// The text for a message or type.
    pub(crate) fn text(&self, name: &str) -> &[String] {
        self.texts.get(name).map_or(&[], Vec::as_slice)
    }

    pub(crate) fn field_text(&self, definition: &str, field: &str) -> &[String] {
        if self.texts.is_empty() {
            return &[];
        }
        let own = self.text(&format!("{definition}.{field}"));
        if own.is_empty() {
            self.text(&format!("*.{field}"))
        } else {
            own
        }
    }

    pub(crate) fn example(&self, message: &str) -> Option<&str> {
        self.examples.get(message).map(String::as_str)
    }
}

impl FromStr for Docs {
    type Err = BadDocs;

    fn from_str(text: &str) -> Result<Self, BadDocs> {
        let mut texts: BTreeMap<String, Vec<String>> = BTreeMap::new();
        let mut current = None;
        for (number, line) in text.lines().enumerate() {
            let content = line.trim();
            if content.is_empty() || line.starts_with('#') {
                continue;
            }
            let bad = || BadDocs {
                line: number + 1,
                text: line.to_owned(),
            };
            if line.starts_with(' ') {
                let lines = current.as_ref().and_then(|name| texts.get_mut(name));
                lines.ok_or_else(bad)?.push(content.to_owned());
                continue;
            }
            let (name, text) = content.split_once(':').ok_or_else(bad)?;
            let names = name.strip_prefix("*.").unwrap_or(name);
            let text = text.trim();
            if !names.split('.').all(is_identifier) || texts.contains_key(name) || text.is_empty() {
                return Err(bad());
            }
            texts.insert(name.to_owned(), vec![text.to_owned()]);
            current = Some(name.to_owned());
        }
        Ok(Self {
            texts,
            examples: BTreeMap::new(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn indented_lines_continue_an_entry() {
        let docs: Docs = "# comment\na: One\n  two\na.f: Three\n*.f: All\n"
            .parse()
            .unwrap();
        assert_eq!(docs.text("a"), ["One", "two"]);
        assert_eq!(docs.field_text("a", "f"), ["Three"]);
        assert_eq!(docs.field_text("b", "f"), ["All"]);
        assert!(docs.text("b").is_empty());
    }

    #[test]
    fn malformed_lines_are_errors() {
        for text in ["  a", "a", "a b: c", "a:", "a: b\na: c"] {
            assert!(text.parse::<Docs>().is_err(), "{text}");
        }
    }
}

//! The text of a definition that is the input of its CRC.
//!
//! It has the format in which Python prints a list, since VPP's tool is written in Python:
//! names in single quotes, entries separated by `, `. It does not contain the definition's own
//! name, flags, options, defaults, comments, or the `_vl_msg_id` of a message.

use std::fmt::{Display, Write};

use super::fold::Fold;

/// Builds the text of a definition, entry by entry.
#[derive(Debug)]
pub struct Text(String);

impl Default for Text {
    fn default() -> Self {
        Self("[".to_owned())
    }
}

impl Text {
    /// Adds a field that is not an array.
    pub fn field(&mut self, ty: &str, name: &str) {
        self.entry(format_args!("['{ty}', '{name}']"));
    }

    /// Adds an array.
    ///
    /// `count` is the name of its count field. The length is 0 if there is one, and for a
    /// string of variable size.
    pub fn array(&mut self, ty: &str, name: &str, length: impl Display, count: Option<&str>) {
        let entry = match count {
            Some(count) => format!("['{ty}', '{name}', {length}, '{count}']"),
            None => format!("['{ty}', '{name}', {length}, None]"),
        };
        self.entry(entry);
    }

    /// Adds an enumerator.
    pub fn enumerator(&mut self, name: &str, value: impl Display) {
        self.entry(format_args!("['{name}', {value}]"));
    }

    fn entry(&mut self, entry: impl Display) {
        let comma = if self.0.len() > 1 { ", " } else { "" };
        // Writing to a `String` is infallible.
        let _ = write!(self.0, "{comma}{entry}");
    }

    /// Ends the text and returns its fold.
    pub fn end(mut self) -> Fold {
        self.0.push(']');
        Fold::of(self.0.as_bytes())
    }
}

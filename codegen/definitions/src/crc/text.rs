//! The text of a definition that its CRC is computed of.
//!
//! It is what Python prints for a list, because VPP's tool is written in it: names in single
//! quotes, entries between `, `. Neither the definition's own name nor flags, options,
//! defaults and comments are in it; a message's `_vl_msg_id` neither.

use std::fmt::{Display, Write};

use super::fold::Fold;

/// The text of a definition, entry by entry.
#[derive(Debug)]
pub struct Text(String);

impl Default for Text {
    fn default() -> Self {
        Self("[".to_owned())
    }
}

impl Text {
    /// A field that is no array.
    pub fn field(&mut self, ty: &str, name: &str) {
        self.entry(format_args!("['{ty}', '{name}']"));
    }

    /// An array, with the field that counts it; its length is then 0, as is that of a string
    /// of any length.
    pub fn array(&mut self, ty: &str, name: &str, length: impl Display, count: Option<&str>) {
        let entry = match count {
            Some(count) => format!("['{ty}', '{name}', {length}, '{count}']"),
            None => format!("['{ty}', '{name}', {length}, None]"),
        };
        self.entry(entry);
    }

    pub fn enumerator(&mut self, name: &str, value: impl Display) {
        self.entry(format_args!("['{name}', {value}]"));
    }

    fn entry(&mut self, entry: impl Display) {
        let comma = if self.0.len() > 1 { ", " } else { "" };
        // Writing to a string meets no error.
        let _ = write!(self.0, "{comma}{entry}");
    }

    pub fn end(mut self) -> Fold {
        self.0.push(']');
        Fold::of(self.0.as_bytes())
    }
}

//! JSON in the format of Python's `json.dumps(…, indent=4, separators=(',', ': '))`.

use std::collections::HashMap;
use std::fmt::{self, Display, Write};

use crate::compile::number::Number;

#[derive(Debug, Default)]
pub enum Json {
    #[default]
    Null,
    Bool(bool),
    Number(Number),
    Text(String),
    List(Vec<Json>),
    Object(Vec<(String, Json)>),
}

impl From<&str> for Json {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<Number> for Json {
    fn from(number: Number) -> Self {
        Self::Number(number)
    }
}

/// The entries of an object in the order of Python: a key that is set again keeps its position.
#[derive(Debug, Default)]
pub struct OrderedMap {
    entries: Vec<(String, Json)>,
    positions: HashMap<String, usize>,
}

impl OrderedMap {
    pub fn set(&mut self, key: &str, value: Json) {
        let known = self.positions.get(key);
        match known.and_then(|at| self.entries.get_mut(*at)) {
            Some((_, known)) => *known = value,
            None => {
                self.positions.insert(key.to_owned(), self.entries.len());
                self.entries.push((key.to_owned(), value));
            }
        }
    }

    pub fn into_entries(self) -> Vec<(String, Json)> {
        self.entries
    }
}

impl Display for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write(f, 0)
    }
}

impl Json {
    fn write(&self, f: &mut fmt::Formatter<'_>, depth: usize) -> fmt::Result {
        match self {
            Self::Null => f.write_str("null"),
            Self::Bool(value) => value.fmt(f),
            Self::Number(number) => self::number(*number, f),
            Self::Text(value) => text(value, f),
            Self::List(values) if values.is_empty() => f.write_str("[]"),
            Self::Object(entries) if entries.is_empty() => f.write_str("{}"),
            Self::List(values) => {
                f.write_char('[')?;
                for (at, value) in values.iter().enumerate() {
                    line(f, at, depth + 1)?;
                    value.write(f, depth + 1)?;
                }
                end(f, depth)?;
                f.write_char(']')
            }
            Self::Object(entries) => {
                f.write_char('{')?;
                for (at, (key, value)) in entries.iter().enumerate() {
                    line(f, at, depth + 1)?;
                    text(key, f)?;
                    f.write_str(": ")?;
                    value.write(f, depth + 1)?;
                }
                end(f, depth)?;
                f.write_char('}')
            }
        }
    }
}

fn line(f: &mut fmt::Formatter<'_>, at: usize, depth: usize) -> fmt::Result {
    if at > 0 {
        f.write_char(',')?;
    }
    end(f, depth)
}

fn end(f: &mut fmt::Formatter<'_>, depth: usize) -> fmt::Result {
    f.write_char('\n')?;
    (0..depth).try_for_each(|_| f.write_str("    "))
}

/// Writes a number as elsewhere, except infinity.
fn number(number: Number, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    match number {
        Number::Float(value) if value.is_infinite() => {
            let sign = if value < 0.0 { "-" } else { "" };
            write!(f, "{sign}Infinity")
        }
        _ => number.fmt(f),
    }
}

/// Writes a string in ASCII, with other characters as escaped UTF-16.
fn text(text: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    f.write_char('"')?;
    let mut plain = 0;
    for (at, c) in text.char_indices() {
        if matches!(c, ' '..='~') && c != '"' && c != '\\' {
            continue;
        }
        f.write_str(text.get(plain..at).unwrap_or_default())?;
        plain = at + c.len_utf8();
        match c {
            '"' => f.write_str("\\\"")?,
            '\\' => f.write_str("\\\\")?,
            '\n' => f.write_str("\\n")?,
            '\r' => f.write_str("\\r")?,
            '\t' => f.write_str("\\t")?,
            '\u{8}' => f.write_str("\\b")?,
            '\u{c}' => f.write_str("\\f")?,
            _ => {
                let mut units = [0; 2];
                for unit in c.encode_utf16(&mut units) {
                    write!(f, "\\u{unit:04x}")?;
                }
            }
        }
    }
    f.write_str(text.get(plain..).unwrap_or_default())?;
    f.write_char('"')
}

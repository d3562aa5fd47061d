//! Converts API comments and options to rustdoc.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::model::Deprecation;
use crate::schema::Definition;

/// The documentation of a message: text of the overlay, or comment of its definition, and
/// options. The model has its successor.
pub fn message(text: &[String], definition: &Definition) -> Vec<String> {
    let options = &definition.meta.options;
    let mut lines = lines(text, definition.meta.comment.as_deref());
    let in_progress = options.contains_key("in_progress")
        || options.get("status").and_then(Value::as_str) == Some("in_progress");
    if in_progress {
        paragraph(
            &mut lines,
            "In progress: VPP may change this message between releases.".to_owned(),
        );
    }
    lines
}

/// The text of the overlay, or the comment if there is none.
pub fn lines(text: &[String], comment: Option<&str>) -> Vec<String> {
    if text.is_empty() {
        self::comment(comment)
    } else {
        text.to_vec()
    }
}

/// The option `deprecated`, or the status of that name.
pub fn deprecation(options: &BTreeMap<String, Value>) -> Option<Deprecation> {
    let status = options.get("status").and_then(Value::as_str);
    let value = options.get("deprecated");
    if value.is_none() && status != Some("deprecated") {
        return None;
    }
    let text = value.and_then(Value::as_str).filter(|text| *text != "true");
    Some(Deprecation {
        text: text.map(str::to_owned),
    })
}

/// The text of a comment as Markdown, without its delimiters and doxygen marks.
pub fn comment(text: Option<&str>) -> Vec<String> {
    let Some(text) = text else {
        return Vec::new();
    };
    let text = text.trim();
    let text = text.strip_prefix("/*").unwrap_or(text);
    let text = text.strip_suffix("*/").unwrap_or(text);
    let mut lines = Vec::new();
    let mut in_item = false;
    for raw in text.lines() {
        let line = line(raw);
        in_item = !line.is_empty() && (in_item || line.starts_with("- "));
        if in_item && !line.starts_with("- ") {
            lines.push(format!("  {line}"));
        } else {
            lines.push(line);
        }
    }
    while lines.first().is_some_and(String::is_empty) {
        lines.remove(0);
    }
    while lines.last().is_some_and(String::is_empty) {
        lines.pop();
    }
    lines
}

fn line(raw: &str) -> String {
    let text = raw.trim().trim_start_matches(['*', '/', '<', '!']).trim();
    let (mark, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    match mark.strip_prefix(['@', '\\']) {
        Some("brief" | "details" | "note") => escape(rest.trim()),
        Some("return" | "returns") => format!("Returns {}", escape(rest.trim())),
        Some("param" | "param[in]" | "param[out]") => parameter(rest.trim()),
        // Authors forget the word: `@name - meaning`.
        Some(name) if !name.is_empty() => parameter(text.get(1..).unwrap_or_default()),
        _ => escape(text),
    }
}

fn parameter(text: &str) -> String {
    let (name, meaning) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    let meaning = meaning.trim().trim_start_matches('-').trim();
    let separator = if meaning.is_empty() { "" } else { ": " };
    format!("- {}{separator}{}", escape(name), escape(meaning))
}

/// Escapes text that rustdoc would read as link, tag or code block.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    // A number or sign that would start a list or a heading.
    let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    if digits > 0 && text[digits..].starts_with(['.', ')']) {
        escaped.push_str(&text[..digits]);
        escaped.push('\\');
        return escaped + &escape(&text[digits..]);
    }
    if text.starts_with(['-', '+', '=', '~']) {
        escaped.push('\\');
    }
    for c in text.chars() {
        match c {
            '[' | ']' | '<' | '>' | '`' | '\\' | '_' | '*' | '|' | '#' => {
                escaped.push('\\');
                escaped.push(c);
            }
            ':' if escaped.ends_with("http") || escaped.ends_with("https") => {
                escaped.push_str("\\:");
            }
            c if c.is_control() => escaped.push(' '),
            c => escaped.push(c),
        }
    }
    escaped
}

fn paragraph(lines: &mut Vec<String>, text: String) {
    if !lines.is_empty() {
        lines.push(String::new());
    }
    lines.push(text);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn doxygen_becomes_markdown_without_links() {
        let text = "/** \\brief Set flags\n    @param sw_if_index - which [one]\n      of all\n\n    - no list\n    1. nor here\n    @name\n*/";
        assert_eq!(
            comment(Some(text)),
            [
                "Set flags",
                "- sw\\_if\\_index: which \\[one\\]",
                "  of all",
                "",
                "\\- no list",
                "1\\. nor here",
                "- name"
            ]
        );
    }

    #[test]
    fn option_or_status_deprecates_a_message() {
        let of = |pairs: &[(&str, Value)]| {
            let pairs = pairs.iter().map(|(k, v)| ((*k).to_owned(), v.clone()));
            deprecation(&pairs.collect()).map(|deprecation| deprecation.text)
        };
        assert_eq!(of(&[]), None);
        assert_eq!(of(&[("status", "deprecated".into())]), Some(None));
        assert_eq!(of(&[("deprecated", Value::Null)]), Some(None));
        let text = Some("21.01".to_owned());
        assert_eq!(of(&[("deprecated", "21.01".into())]), Some(text));
    }
}

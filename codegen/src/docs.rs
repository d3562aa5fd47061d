//! API comments and options as rustdoc.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::schema::Definition;

/// What a message's documentation says.
pub fn message(definition: &Definition) -> Vec<String> {
    let options = &definition.meta.options;
    let mut lines = comment(definition.meta.comment.as_deref());
    let in_progress = options.contains_key("in_progress")
        || options.get("status").and_then(Value::as_str) == Some("in_progress");
    if in_progress {
        paragraph(
            &mut lines,
            "In progress: VPP may change this message between releases.".to_owned(),
        );
    }
    if let Some(other) = options.get("replaced_by").and_then(Value::as_str) {
        paragraph(&mut lines, format!("Replaced by `{other}`."));
    }
    lines
}

/// The note of `#[deprecated]`, where the message has the option.
pub fn deprecation(options: &BTreeMap<String, Value>) -> Option<String> {
    let status = options.get("status").and_then(Value::as_str);
    let value = options.get("deprecated");
    if value.is_none() && status != Some("deprecated") {
        return None;
    }
    let since = value.and_then(Value::as_str).filter(|text| *text != "true");
    let replaced = options.get("replaced_by").and_then(Value::as_str);
    Some(match (replaced, since) {
        (Some(other), _) => format!("VPP replaces it by {other}"),
        (None, Some(text)) => format!("VPP marks it deprecated: {text}"),
        (None, None) => "VPP marks it deprecated".to_owned(),
    })
}

/// The text of a comment, without its delimiters and doxygen marks, safe as Markdown.
pub fn comment(text: Option<&str>) -> Vec<String> {
    let Some(text) = text else {
        return Vec::new();
    };
    let text = text.trim();
    let text = text.strip_prefix("/*").unwrap_or(text);
    let text = text.strip_suffix("*/").unwrap_or(text);
    let mut lines: Vec<String> = text.lines().map(line).collect();
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
    let text = match text.split_once(char::is_whitespace) {
        Some(("\\brief" | "@brief", rest)) => rest.trim().to_owned(),
        Some(("\\param" | "@param", rest)) => parameter(rest.trim()),
        Some(("\\return" | "@return" | "@returns", rest)) => format!("Returns {}", rest.trim()),
        _ => text.to_owned(),
    };
    escape(&text)
}

fn parameter(text: &str) -> String {
    match text.split_once([' ', '\t']) {
        Some((name, meaning)) => {
            let meaning = meaning.trim().trim_start_matches('-').trim();
            format!("- {name}: {meaning}")
        }
        None => format!("- {text}"),
    }
}

/// What rustdoc would read as link, tag or code block is shown as it is.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
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
    fn doxygen_becomes_markdown_that_links_nowhere() {
        let text = "/** \\brief Set flags\n    @param sw_if_index - which [one]\n*/";
        assert_eq!(
            comment(Some(text)),
            ["Set flags", "- sw\\_if\\_index: which \\[one\\]"]
        );
    }

    #[test]
    fn an_option_says_why_a_message_is_deprecated() {
        let options = |pairs: &[(&str, Value)]| {
            pairs
                .iter()
                .map(|(k, v)| ((*k).to_owned(), v.clone()))
                .collect()
        };
        assert_eq!(deprecation(&options(&[])), None);
        let plain = options(&[("deprecated", Value::Null)]);
        assert_eq!(
            deprecation(&plain).as_deref(),
            Some("VPP marks it deprecated")
        );
        let replaced = options(&[("deprecated", Value::Null), ("replaced_by", "b_v2".into())]);
        assert_eq!(
            deprecation(&replaced).as_deref(),
            Some("VPP replaces it by b_v2")
        );
    }
}

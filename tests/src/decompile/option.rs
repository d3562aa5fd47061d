//! Options of files, messages and fields, and their values.

use serde_json::Value;

pub fn file_options(options: &Value) -> Result<String, String> {
    lines(options, "")
}

pub fn message_options(options: &Value) -> Result<String, String> {
    lines(options, "  ")
}

fn lines(options: &Value, indent: &str) -> Result<String, String> {
    let options = options.as_object().into_iter().flatten();
    let line = |(name, of): (&String, &Value)| {
        let value = match value(of)? {
            Some(value) => format!("={value}"),
            None => String::new(),
        };
        Ok(format!("{indent}option {name}{value};\n"))
    };
    options.map(line).collect()
}

/// The options in brackets. Options without a value are last, because nothing can follow them.
pub fn field_options(options: &Value) -> Result<String, String> {
    let (mut valued, mut bare) = (Vec::new(), Vec::new());
    for (name, of) in options.as_object().into_iter().flatten() {
        match value(of)? {
            Some(value) => valued.push(format!("{name}={value}")),
            None => bare.push(name.clone()),
        }
    }
    if valued.is_empty() {
        return Err(format!("{options} would be the length of an array"));
    }
    valued.append(&mut bare);
    Ok(valued.join(", "))
}

fn value(value: &Value) -> Result<Option<String>, String> {
    match value {
        Value::Null => Ok(None),
        Value::Bool(false) => Ok(Some("false".to_owned())),
        Value::Number(number) => Ok(Some(number.to_string())),
        Value::String(text) => quoted(text).map(Some),
        _ => Err(format!("{value} is not the value of an option")),
    }
}

/// Quotes a string. Its value is the text without quotation marks, and a backslash escapes the
/// next character.
pub fn quoted(text: &str) -> Result<String, String> {
    if text.contains(['"', '\n']) {
        return Err(format!("{text:?} cannot be written"));
    }
    let backslashes = text.len() - text.trim_end_matches('\\').len();
    let end = if backslashes % 2 == 1 { "\"\"" } else { "\"" };
    Ok(format!("\"{text}{end}"))
}

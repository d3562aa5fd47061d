//! Valid payloads of a message, from which fuzzing starts.

use serde_json::{Value, json};
use vpp_dynamic::{Codec, Header};

/// A valid payload and the offsets of its counts.
#[derive(Debug, Clone, Default)]
pub struct Seed {
    /// The payload.
    pub bytes: Vec<u8>,
    /// Offsets of the last byte of count fields.
    pub counts: Vec<usize>,
}

/// Returns the payload of `message` with all defaults, then with elements in its arrays, then
/// with elements in the arrays of these, and so on.
///
/// # Errors
/// If the codec refuses the defaults of the message.
pub fn seeds(codec: &Codec, message: &str) -> Result<Vec<Seed>, String> {
    let mut text = "{}".to_owned();
    let mut seeds = Vec::new();
    for _ in 0..4 {
        let bytes = encode(codec, message, &text).ok_or("the defaults are refused")?;
        let json = codec.decode(message, &bytes);
        let json = json.map_err(|error| error.to_string())?;
        let mut json: Value = serde_json::from_str(&json).map_err(|error| error.to_string())?;
        let mut counts = Vec::new();
        let grown = grow(codec, message, &mut json, &mut counts);
        seeds.push(Seed { bytes, counts });
        if !grown {
            break;
        }
        text = json.to_string();
    }
    // Longer seeds contain the counts of shorter ones, unless a field before them grew.
    Ok(seeds)
}

fn encode(codec: &Codec, message: &str, text: &str) -> Option<Vec<u8>> {
    codec.encode(message, text, Header::default()).ok()
}

/// Adds elements to every array of a message that accepts more. Returns whether any did.
fn grow(codec: &Codec, message: &str, json: &mut Value, counts: &mut Vec<usize>) -> bool {
    let mut paths = Vec::new();
    arrays(json, "", &mut paths);
    let mut grown = false;
    for path in paths {
        let Some(before) = encode(codec, message, &without_counts(json)) else {
            return grown;
        };
        for more in longer(json.pointer(&path)) {
            let mut changed = json.clone();
            if let Some(array) = changed.pointer_mut(&path) {
                *array = more;
            }
            let Some(after) = encode(codec, message, &without_counts(&changed)) else {
                continue;
            };
            // The array follows its count, and the count is the first byte that changes.
            if after.len() > before.len() {
                counts.extend((0..before.len()).find(|at| before[*at] != after[*at]));
                *json = changed;
                grown = true;
                break;
            }
        }
    }
    *json = serde_json::from_str(&without_counts(json)).unwrap_or_default();
    grown
}

/// The paths of the arrays and strings of a value, innermost first.
fn arrays(json: &Value, path: &str, found: &mut Vec<String>) {
    match json {
        Value::Object(map) => {
            for (key, value) in map.iter().filter(|(key, _)| !key.starts_with('_')) {
                arrays(value, &format!("{path}/{key}"), found);
            }
        }
        Value::Array(items) => {
            // All elements have the same structure.
            for (at, item) in items.iter().enumerate().take(2) {
                arrays(item, &format!("{path}/{at}"), found);
            }
            found.push(path.to_owned());
        }
        Value::String(_) => found.push(path.to_owned()),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// Candidates for a longer array or string. The codec accepts at most one.
fn longer(array: Option<&Value>) -> Vec<Value> {
    match array {
        Some(Value::String(text)) if text.starts_with("0x") => vec![json!(format!("{text}00ff7f"))],
        Some(Value::String(text)) => vec![json!(format!("{text}text"))],
        Some(Value::Array(items)) => {
            let elements = [json!({}), json!(0), json!(false), json!(""), json!("0x")];
            let elements = elements.into_iter().chain([
                json!("10.0.0.1"),
                json!("2001:db8::1"),
                json!("02:fe:00:00:00:01"),
                json!("10.0.0.1/24"),
                json!("2001:db8::1/64"),
                json!([]),
            ]);
            let longer = elements.map(|element| {
                let mut items = items.clone();
                items.extend([element.clone(), element]);
                Value::Array(items)
            });
            longer.collect()
        }
        _ => Vec::new(),
    }
}

/// The text of a value without numbers in objects, because they may be counts of arrays.
///
/// A missing count is not checked, and another missing number is its default.
fn without_counts(json: &Value) -> String {
    fn strip(json: &mut Value) {
        match json {
            Value::Object(map) => {
                map.retain(|_, value| !value.is_number());
                map.values_mut().for_each(strip);
            }
            Value::Array(items) => items.iter_mut().for_each(strip),
            _ => {}
        }
    }
    let mut json = json.clone();
    strip(&mut json);
    json.to_string()
}

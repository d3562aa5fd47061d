//! Parses JSON strictly.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

/// A JSON object.
pub type Object = Map<String, Value>;

/// Parses one JSON document.
///
/// Unlike `serde_json`, it rejects duplicate keys. Other parsers keep the first or the last value,
/// and a delegated plugin must not read another value than this one.
///
/// # Errors
/// When the text is not UTF-8 or not JSON, nests deeper than 128 levels, has a duplicate key, or
/// has text other than white space after the document.
pub fn parse(text: &[u8]) -> serde_json::Result<Value> {
    let strict: Strict = serde_json::from_slice(text)?;
    Ok(strict.0)
}

/// Formats a value for an error message: its JSON, shortened to about 80 characters. For non-empty
/// arrays and objects only the kind is printed, because they may contain a secret.
#[must_use]
pub fn excerpt(value: &Value) -> String {
    match value {
        Value::Array(it) if !it.is_empty() => "an array".to_owned(),
        Value::Object(it) if !it.is_empty() => "an object".to_owned(),
        value => shorten(&value.to_string()),
    }
}

/// Shortens a text to about 80 characters.
#[must_use]
pub fn shorten(text: &str) -> String {
    const MAX_CHARS: usize = 80;
    match text.char_indices().nth(MAX_CHARS) {
        Some((end, _)) => format!("{}...", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

struct Strict(Value);

impl<'de> Deserialize<'de> for Strict {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(StrictVisitor).map(Self)
    }
}

struct StrictVisitor;

impl<'de> Visitor<'de> for StrictVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Number::from_f64(value).map_or(Value::Null, Value::Number))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut array = Vec::new();
        while let Some(Strict(item)) = items.next_element()? {
            array.push(item);
        }
        Ok(Value::Array(array))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut object = Object::new();
        while let Some(key) = entries.next_key::<String>()? {
            let Strict(value) = entries.next_value()?;
            if object.contains_key(&key) {
                let key = shorten(&key);
                return Err(A::Error::custom(format_args!("duplicate key {key:?}")));
            }
            object.insert(key, value);
        }
        Ok(Value::Object(object))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_equal_those_of_serde_json() {
        let text =
            r#"{"a": [1, -2, 2.5, true, null, "é\n", {}], "b": {"c": 18446744073709551615}}"#;
        let expected: Value = serde_json::from_str(text).unwrap();
        assert_eq!(parse(text.as_bytes()).unwrap(), expected);
    }

    #[test]
    fn duplicate_keys_are_rejected_at_any_depth() {
        for text in [r#"{"a":1,"a":1}"#, r#"[{"b":{"a":1,"\u0061":2}}]"#] {
            let error = parse(text.as_bytes()).unwrap_err().to_string();
            assert!(error.contains(r#"duplicate key "a""#), "{error}");
        }
    }

    #[test]
    fn deep_nesting_and_trailing_text_are_errors() {
        assert!(parse("[".repeat(10_000).as_bytes()).is_err());
        assert!(parse(b"{} {}").is_err());
        assert!(parse(b"{}\n").is_ok());
        assert!(parse(b"{\"a\":\"\xff\"}").is_err());
    }
}

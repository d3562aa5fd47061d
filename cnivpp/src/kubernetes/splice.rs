use std::fmt;
use std::ops::Range;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

/// Returns the text of an object with changed annotations. All other bytes stay as they are, so that
/// unknown fields, their order and the format of numbers are preserved.
///
/// # Errors
/// The text is not a JSON object with `metadata`.
pub(super) fn replace_annotations(
    text: &str,
    changes: &super::Changes,
) -> Result<String, serde_json::Error> {
    let object: Members<'_> = serde_json::from_str(text)?;
    let missing = || serde::de::Error::custom("metadata is missing");
    let metadata = object.get("metadata").ok_or_else(missing)?;
    let members: Members<'_> = serde_json::from_str(metadata.get())?;
    let annotations = members.get("annotations");
    let old: Option<Members<'_>> = match annotations {
        Some(it) => serde_json::from_str(it.get())?,
        None => None,
    };
    let new = merge(&old.unwrap_or_default(), changes)?;
    Ok(match annotations {
        Some(it) => replace(text, range(text, it), &new),
        None => {
            // Directly after the brace of metadata.
            let start = range(text, metadata).start + 1;
            let comma = if members.0.is_empty() { "" } else { "," };
            replace(text, start..start, &format!("\"annotations\":{new}{comma}"))
        }
    })
}

/// Merges annotations: the old ones in their order, and then the new ones.
fn merge(old: &Members<'_>, changes: &super::Changes) -> Result<String, serde_json::Error> {
    let mut new = String::from("{");
    let mut push = |key: &str, value: &str| -> Result<(), serde_json::Error> {
        if new.len() > 1 {
            new.push(',');
        }
        new.push_str(&serde_json::to_string(key)?);
        new.push(':');
        new.push_str(value);
        Ok(())
    };
    for (key, value) in &old.0 {
        if !changes.contains_key(key.as_str()) {
            push(key, value.get())?;
        }
    }
    for (key, value) in changes {
        if let Some(value) = value {
            push(key, &serde_json::to_string(value)?)?;
        }
    }
    new.push('}');
    Ok(new)
}

/// Returns the bytes of a value that was parsed from `text`.
fn range(text: &str, value: &RawValue) -> Range<usize> {
    let start = value.get().as_ptr() as usize - text.as_ptr() as usize;
    start..start + value.get().len()
}

fn replace(text: &str, range: Range<usize>, new: &str) -> String {
    let (before, after) = (text.get(..range.start), text.get(range.end..));
    [before.unwrap_or_default(), new, after.unwrap_or_default()].concat()
}

/// The members of a JSON object in their order, as text.
#[derive(Debug, Default)]
struct Members<'a>(Vec<(String, &'a RawValue)>);

impl<'a> Members<'a> {
    fn get(&self, key: &str) -> Option<&'a RawValue> {
        let mut found = self.0.iter().filter(|(name, _)| name == key);
        found.next().map(|(_, value)| *value)
    }
}

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Ordered;

        impl<'de> Visitor<'de> for Ordered {
            type Value = Members<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }

        from.deserialize_map(Ordered)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn changes(all: &[(&'static str, Option<&str>)]) -> super::super::Changes {
        let owned = all
            .iter()
            .map(|(key, value)| (*key, value.map(str::to_owned)));
        owned.collect()
    }

    #[track_caller]
    fn check(text: &str, all: &[(&'static str, Option<&str>)], expected: &str) {
        assert_eq!(replace_annotations(text, &changes(all)).unwrap(), expected);
    }

    #[test]
    fn only_the_annotations_change() {
        check(
            r#"{ "x":1.50, "metadata" : {"uid":"u","annotations":{"a":"\u003c","b":"2"} ,"z":null},"y":[ ]}"#,
            &[("b", Some("\"")), ("c", Some("3"))],
            r#"{ "x":1.50, "metadata" : {"uid":"u","annotations":{"a":"\u003c","b":"\"","c":"3"} ,"z":null},"y":[ ]}"#,
        );
    }

    #[test]
    fn annotations_are_created_and_removed() {
        check(
            r#"{"metadata":{"name":"p"}}"#,
            &[("b", Some("2")), ("c", None)],
            r#"{"metadata":{"annotations":{"b":"2"},"name":"p"}}"#,
        );
        check(
            r#"{"metadata":{}}"#,
            &[("b", Some("2"))],
            r#"{"metadata":{"annotations":{"b":"2"}}}"#,
        );
        check(
            r#"{"metadata":{"annotations":null}}"#,
            &[("b", Some("2"))],
            r#"{"metadata":{"annotations":{"b":"2"}}}"#,
        );
        check(
            r#"{"metadata":{"annotations":{"b":"2"}}}"#,
            &[("b", None)],
            r#"{"metadata":{"annotations":{}}}"#,
        );
    }

    #[test]
    fn other_texts_are_rejected() {
        for text in [
            "",
            "[]",
            "{}",
            r#"{"metadata":1}"#,
            r#"{"metadata":{"annotations":1}}"#,
        ] {
            assert!(replace_annotations(text, &changes(&[])).is_err(), "{text}");
        }
    }
}

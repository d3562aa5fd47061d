//! Reads typed values of JSON objects, and collects all problems.

use std::fmt::Display;
use std::ops::RangeInclusive;

use serde_json::Value;

use super::error::code;
use super::json::{Object, excerpt, shorten};
use super::{Error, Result};

/// The problems of a document.
#[derive(Debug, Default)]
pub struct Problems {
    texts: Vec<String>,
    more: usize,
    unsupported: bool,
}

/// The maximum number of problems that a message lists. Further ones are counted.
const MAX_LISTED: usize = 20;

impl Problems {
    /// Adds a problem: an invalid value.
    pub fn invalid(&mut self, text: impl Into<String>) {
        if self.texts.len() < MAX_LISTED {
            self.texts.push(text.into());
        } else {
            self.more += 1;
        }
    }

    /// Adds a problem: a valid value that this program does not support. `text` names the key
    /// and the value.
    pub fn unsupported(&mut self, text: impl Into<String>) {
        self.unsupported = true;
        self.invalid(text);
    }

    /// Whether there are no problems.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.texts.is_empty()
    }

    /// Converts the problems to a result.
    ///
    /// # Errors
    /// One error with up to 20 problems. Its code is 2 if one of them is an unsupported value, or
    /// else `invalid`.
    pub fn into_result(self, what: impl Display, invalid: u32) -> Result<()> {
        if self.is_empty() {
            return Ok(());
        }
        let number = if self.unsupported {
            code::UNSUPPORTED_FIELD
        } else {
            invalid
        };
        let mut all = self.texts.join("; ");
        if self.more > 0 {
            all.push_str(&format!("; and {} more", self.more));
        }
        Err(Error::new(number, format!("{what} is invalid: {all}")))
    }
}

/// The keys of one object, with its path in the document.
///
/// `null` counts as a missing key, as in the Go library.
#[derive(Debug, Clone)]
pub struct Fields<'a> {
    object: &'a Object,
    path: String,
}

impl<'a> Fields<'a> {
    /// Creates the fields of the object at `path`. An empty path is the document itself.
    #[must_use]
    pub fn new(object: &'a Object, path: impl Into<String>) -> Self {
        let path = path.into();
        Self { object, path }
    }

    /// Returns the object.
    #[must_use]
    pub fn as_object(&self) -> &'a Object {
        self.object
    }

    /// Returns the full name of a key, for messages.
    #[must_use]
    pub fn name(&self, key: &str) -> String {
        if self.path.is_empty() {
            key.to_owned()
        } else {
            format!("{}.{key}", self.path)
        }
    }

    /// Reads a value of any type.
    #[must_use]
    pub fn any(&self, key: &str) -> Option<&'a Value> {
        self.object.get(key).filter(|it| !it.is_null())
    }

    /// Reads a text.
    pub fn text(&self, key: &str, problems: &mut Problems) -> Option<&'a str> {
        self.typed(key, "a string", Value::as_str, problems)
    }

    /// Reads a text. An empty one counts as missing.
    pub fn non_empty(&self, key: &str, problems: &mut Problems) -> Option<&'a str> {
        self.text(key, problems).filter(|it| !it.is_empty())
    }

    /// Reads `true` or `false`.
    pub fn flag(&self, key: &str, problems: &mut Problems) -> Option<bool> {
        self.typed(key, "true or false", Value::as_bool, problems)
    }

    /// Reads an object.
    pub fn object(&self, key: &str, problems: &mut Problems) -> Option<Fields<'a>> {
        let object = self.typed(key, "an object", Value::as_object, problems)?;
        Some(Fields::new(object, self.name(key)))
    }

    /// Reads an array; empty if the key is missing.
    pub fn array(&self, key: &str, problems: &mut Problems) -> &'a [Value] {
        let array = self.typed(key, "an array", Value::as_array, problems);
        array.map_or(&[], Vec::as_slice)
    }

    /// Reads an array of objects; empty if the key is missing.
    pub fn objects(&self, key: &str, problems: &mut Problems) -> Vec<Fields<'a>> {
        let mut objects = Vec::new();
        for (index, item) in self.array(key, problems).iter().enumerate() {
            let path = format!("{}[{index}]", self.name(key));
            match item.as_object() {
                Some(object) => objects.push(Fields::new(object, path)),
                None => problems.invalid(mismatch(&path, item, "an object")),
            }
        }
        objects
    }

    /// Reads an array of texts; empty if the key is missing.
    pub fn texts(&self, key: &str, problems: &mut Problems) -> Vec<&'a str> {
        let mut texts = Vec::new();
        for (index, item) in self.array(key, problems).iter().enumerate() {
            match item.as_str() {
                Some(text) => texts.push(text),
                None => {
                    let path = format!("{}[{index}]", self.name(key));
                    problems.invalid(mismatch(&path, item, "a string"));
                }
            }
        }
        texts
    }

    /// Reads a whole number in a range.
    pub fn number<T>(
        &self,
        key: &str,
        range: RangeInclusive<T>,
        problems: &mut Problems,
    ) -> Option<T>
    where
        T: TryFrom<u64> + PartialOrd + Display,
    {
        let value = self.any(key)?;
        let number = value.as_u64().and_then(|it| T::try_from(it).ok());
        let number = number.filter(|it| range.contains(it));
        if number.is_none() {
            let (first, last) = (range.start(), range.end());
            let expected = format!("a whole number from {first} to {last}");
            problems.invalid(mismatch(&self.name(key), value, &expected));
        }
        number
    }

    /// Reads a text with `parse`. Its error follows the key and the text in the message.
    pub fn parsed<T, E: Display>(
        &self,
        key: &str,
        parse: impl FnOnce(&str) -> std::result::Result<T, E>,
        problems: &mut Problems,
    ) -> Option<T> {
        let text = self.non_empty(key, problems)?;
        match parse(text) {
            Ok(value) => Some(value),
            Err(why) => {
                let text = shorten(text);
                problems.invalid(format!("{} {text:?} {why}", self.name(key)));
                None
            }
        }
    }

    /// Adds a problem for every key that is not one of `known`.
    pub fn reject_others(&self, known: &[&str], problems: &mut Problems) {
        for key in self.object.keys() {
            if !known.contains(&key.as_str()) {
                let name = shorten(&self.name(key));
                let known = known.join(", ");
                problems.invalid(format!("{name} is not a known key (known: {known})"));
            }
        }
    }

    fn typed<T>(
        &self,
        key: &str,
        expected: &str,
        get: impl FnOnce(&'a Value) -> Option<T>,
        problems: &mut Problems,
    ) -> Option<T> {
        let value = self.any(key)?;
        let typed = get(value);
        if typed.is_none() {
            problems.invalid(mismatch(&self.name(key), value, expected));
        }
        typed
    }
}

fn mismatch(name: &str, value: &Value, expected: &str) -> String {
    format!("{name} is {}, not {expected}", excerpt(value))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn all_problems_are_in_one_error_with_key_and_value() {
        let value = json!({"a": 3, "b": "x", "c": {"d": [1]}, "e": null, "f": -1, "g": 1.5});
        let mut problems = Problems::default();
        let fields = Fields::new(value.as_object().unwrap(), "");
        assert_eq!(fields.text("a", &mut problems), None);
        assert_eq!(fields.flag("b", &mut problems), None);
        let inner = fields.object("c", &mut problems).unwrap();
        assert!(inner.texts("d", &mut problems).is_empty());
        assert_eq!(fields.text("e", &mut problems), None);
        assert_eq!(fields.number("f", 0..=9_u8, &mut problems), None);
        assert_eq!(fields.number("g", 0..=9_u8, &mut problems), None);
        inner.reject_others(&["x"], &mut problems);
        let error = problems.into_result("the test", 7).unwrap_err();
        assert_eq!(error.code(), 7);
        let expected = "the test is invalid: a is 3, not a string; b is \"x\", not true or false; \
            c.d[0] is 1, not a string; f is -1, not a whole number from 0 to 9; \
            g is 1.5, not a whole number from 0 to 9; c.d is not a known key (known: x)";
        assert_eq!(error.msg(), expected);
    }

    #[test]
    fn a_message_lists_a_bounded_number_of_problems() {
        let mut problems = Problems::default();
        for number in 0..100_000 {
            problems.invalid(format!("problem {number}"));
        }
        let error = problems.into_result("the test", 7).unwrap_err();
        assert!(
            error.msg().ends_with("problem 19; and 99980 more"),
            "{error}"
        );
    }

    #[test]
    fn one_unsupported_value_sets_code_2() {
        let mut problems = Problems::default();
        problems.invalid("a");
        problems.unsupported("b");
        let error = problems.into_result("the test", 7).unwrap_err();
        assert_eq!(error.code(), 2);
    }
}

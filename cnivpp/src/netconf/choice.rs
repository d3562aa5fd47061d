use crate::cni::fields::{Fields, Problems};

/// A value that is one of several words.
pub trait Choice: Copy + PartialEq + 'static {
    /// The words and their values, in the order of the documentation.
    const ALL: &'static [(&'static str, Self)];

    /// Words of the Go plugin that are not supported, with the reason.
    const UNSUPPORTED: &'static [(&'static str, &'static str)] = &[];

    /// Returns the word.
    fn as_str(self) -> &'static str {
        let mut words = Self::ALL.iter();
        words
            .find(|(_, value)| *value == self)
            .map_or("", |(word, _)| word)
    }
}

/// Reads a key. Adds a problem if its value is not one of the words.
pub(super) fn read<T: Choice>(
    fields: &Fields<'_>,
    key: &str,
    problems: &mut Problems,
) -> Option<T> {
    let text = fields.non_empty(key, problems)?;
    let found = T::ALL.iter().find(|(word, _)| *word == text);
    if found.is_none() {
        let name = fields.name(key);
        let text = crate::cni::json::shorten(text);
        match T::UNSUPPORTED.iter().find(|(word, _)| *word == text) {
            Some((_, why)) => {
                problems.unsupported(format!("{name} {text:?} is not supported: {why}"));
            }
            None => {
                let words: Vec<_> = T::ALL.iter().map(|(word, _)| *word).collect();
                let words = words.join(", ");
                problems.invalid(format!("{name} {text:?} is not one of {words}"));
            }
        }
    }
    found.map(|(_, value)| *value)
}

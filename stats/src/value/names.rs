/// A name per index, such as those of interfaces in `/if/names`.
///
/// An index can be without a name. VPP calls a deleted interface `deleted`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Names {
    text: String,
    /// For each index, the end of its name in `text`, and whether it has one.
    ends: Vec<(usize, bool)>,
}

impl Names {
    /// The number of indices.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there are no indices.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The name at an index. Bytes that are not UTF-8 are replaced.
    #[must_use]
    pub fn get(&self, index: usize) -> Option<&str> {
        let (end, is_present) = *self.ends.get(index)?;
        let start = match index.checked_sub(1) {
            Some(previous) => self.ends.get(previous)?.0,
            None => 0,
        };
        is_present.then(|| self.text.get(start..end))?
    }

    /// The name of each index.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = Option<&str>> {
        (0..self.ends.len()).map(|index| self.get(index))
    }

    pub(crate) fn clear(&mut self) {
        self.text.clear();
        self.ends.clear();
    }

    /// Appends a name up to its first NUL.
    pub(crate) fn push(&mut self, name: Option<&[u8]>) {
        if let Some(name) = name {
            let end = name.iter().position(|it| *it == 0).unwrap_or(name.len());
            self.text.push_str(&String::from_utf8_lossy(&name[..end]));
        }
        self.ends.push((self.text.len(), name.is_some()));
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for Names {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

use std::collections::HashMap;

use regex::RegexSet;

use crate::error::Result;

/// Which entries to read.
#[derive(Debug, Clone)]
pub struct Selection(pub(crate) Kind);

#[derive(Debug, Clone)]
pub(crate) enum Kind {
    All,
    Patterns(RegexSet),
    /// The position of each name.
    Names(HashMap<String, usize>),
}

impl Selection {
    /// All entries.
    #[must_use]
    pub fn all() -> Self {
        Self(Kind::All)
    }

    /// The entries whose name contains a match of at least one of these regular expressions
    /// (syntax of the crate `regex`), such as `^/if/` or `/drops$`. No pattern selects everything,
    /// as in VPP's own client.
    ///
    /// # Errors
    ///
    /// [`Error::Pattern`](crate::Error::Pattern) if an expression is invalid.
    pub fn patterns(patterns: impl IntoIterator<Item = impl AsRef<str>>) -> Result<Self> {
        let set = RegexSet::new(patterns)?;
        Ok(match set.is_empty() {
            true => Self::all(),
            false => Self(Kind::Patterns(set)),
        })
    }

    /// The entries with exactly these names. Reading them again after VPP changed its directory
    /// is cheaper than with patterns: only these entries are looked at.
    pub fn names(names: impl IntoIterator<Item = impl Into<String>>) -> Self {
        let mut positions = HashMap::new();
        for name in names {
            let next = positions.len();
            positions.entry(name.into()).or_insert(next);
        }
        Self(Kind::Names(positions))
    }

    /// Whether an entry with this name is selected.
    #[must_use]
    pub fn matches(&self, name: &str) -> bool {
        match &self.0 {
            Kind::All => true,
            Kind::Patterns(set) => set.is_match(name),
            Kind::Names(positions) => positions.contains_key(name),
        }
    }
}

use super::Result;

/// A key-value store with compare-and-set.
///
/// Stores such as etcd have all its operations. Operations block.
pub trait Store: Send + Sync {
    /// Stores a value if the record is as expected, and returns its new version. The value
    /// survives the end of this process.
    ///
    /// # Errors
    /// [`Error::is_conflict`](super::Error::is_conflict) when the record is not as expected:
    /// nothing is changed. When the key is not valid, or the store fails.
    fn put(&self, key: &str, value: &[u8], expect: Expect) -> Result<RecordVersion>;

    /// Returns the value of a record; `None` if it does not exist.
    ///
    /// # Errors
    /// When the key is not valid, or the store fails.
    fn get(&self, key: &str) -> Result<Option<Entry>>;

    /// Lists the keys that start with `prefix`, sorted. A record may be deleted before it is read.
    ///
    /// # Errors
    /// When the store fails.
    fn list(&self, prefix: &str) -> Result<Vec<String>>;

    /// Deletes a record if it is as expected, and returns whether it existed.
    ///
    /// # Errors
    /// [`Error::is_conflict`](super::Error::is_conflict) when the record is not as expected:
    /// nothing is changed. When the key is not valid, or the store fails.
    fn delete(&self, key: &str, expect: Expect) -> Result<bool>;
}

/// The precondition of a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expect {
    /// It does not exist.
    Absent,
    /// It has this version.
    Version(RecordVersion),
    /// No precondition.
    Any,
}

impl Expect {
    /// Whether a record meets the precondition. `found` is its version, `None` if it is missing.
    #[must_use]
    pub fn is_met(&self, found: Option<&RecordVersion>) -> bool {
        match self {
            Self::Absent => found.is_none(),
            Self::Version(version) => found == Some(version),
            Self::Any => true,
        }
    }
}

/// The version of a record. Only the store that created it can interpret it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordVersion(String);

impl RecordVersion {
    /// Creates a version, for implementations of [`Store`].
    #[must_use]
    pub fn new(version: impl Into<String>) -> Self {
        Self(version.into())
    }

    /// Returns the text, for implementations of [`Store`].
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The value of a record and its version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The value.
    pub value: Vec<u8>,
    /// The version, for [`Expect::Version`].
    pub version: RecordVersion,
}

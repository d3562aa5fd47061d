use super::Result;

/// A key-value store with compare-and-set.
///
/// It has no operation that a store such as etcd lacks. Operations block.
pub trait Store: Send + Sync {
    /// Stores a value if the record is as expected, and returns its new version. The value
    /// survives the end of this process.
    ///
    /// # Errors
    /// [`Error::is_conflict`](super::Error::is_conflict) when the record is not as expected;
    /// nothing is changed then. When the key is not valid, or the store fails.
    fn put(&self, key: &str, value: &[u8], expect: Expect) -> Result<Version>;

    /// The value of a record; `None` if it does not exist.
    ///
    /// # Errors
    /// When the key is not valid, or the store fails.
    fn get(&self, key: &str) -> Result<Option<Entry>>;

    /// The keys that start with `prefix`, sorted. A record may be deleted before it is read.
    ///
    /// # Errors
    /// When the store fails.
    fn list(&self, prefix: &str) -> Result<Vec<String>>;

    /// Deletes a record if it is as expected, and returns whether it existed.
    ///
    /// # Errors
    /// [`Error::is_conflict`](super::Error::is_conflict) when the record is not as expected;
    /// nothing is changed then. When the key is not valid, or the store fails.
    fn delete(&self, key: &str, expect: Expect) -> Result<bool>;
}

/// How a record must be for a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expect {
    /// It does not exist.
    Absent,
    /// It has this version.
    Version(Version),
    /// Anything.
    Any,
}

impl Expect {
    /// Whether a record of the version `found` (`None`: it does not exist) is as expected.
    #[must_use]
    pub fn is_met(&self, found: Option<&Version>) -> bool {
        match self {
            Self::Absent => found.is_none(),
            Self::Version(version) => found == Some(version),
            Self::Any => true,
        }
    }
}

/// Which value a record has. Only the store that made it can interpret it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version(String);

impl Version {
    /// For implementations of [`Store`].
    #[must_use]
    pub fn new(version: impl Into<String>) -> Self {
        Self(version.into())
    }

    /// For implementations of [`Store`].
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
    pub version: Version,
}

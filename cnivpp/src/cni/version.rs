//! Versions of the CNI specification.

use std::fmt;

use super::env::Verb;
use super::{Error, Result};

/// A supported version of the CNI specification.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Version {
    /// 0.3.0: results list interfaces and addresses.
    V0_3_0,
    /// 0.3.1: chains of plugins; the same results.
    V0_3_1,
    /// 0.4.0: the verb CHECK.
    V0_4_0,
    /// 1.0.0: addresses without `version`.
    V1_0_0,
    /// 1.1.0: the verbs GC and STATUS; MTU and socket path of interfaces.
    V1_1_0,
}

impl Version {
    /// All versions, oldest first.
    pub const ALL: [Self; 5] = [
        Self::V0_3_0,
        Self::V0_3_1,
        Self::V0_4_0,
        Self::V1_0_0,
        Self::V1_1_0,
    ];

    /// The newest version.
    pub const NEWEST: Self = Self::V1_1_0;

    /// The version of a configuration without `cniVersion`, which is not supported.
    pub const WITHOUT_KEY: &str = "0.1.0";

    /// Returns the text of the version.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::V0_3_0 => "0.3.0",
            Self::V0_3_1 => "0.3.1",
            Self::V0_4_0 => "0.4.0",
            Self::V1_0_0 => "1.0.0",
            Self::V1_1_0 => "1.1.0",
        }
    }

    /// Finds the supported version with this text.
    #[must_use]
    pub fn find(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.as_str() == text)
    }

    /// Parses the version of a configuration. A missing key means [`Version::WITHOUT_KEY`].
    ///
    /// # Errors
    /// Code 1 if it is not supported.
    pub fn of_config(text: Option<&str>) -> Result<Self> {
        let text = text.unwrap_or(Self::WITHOUT_KEY);
        Self::find(text).ok_or_else(|| {
            let why = format!("cniVersion {text:?} of the configuration is not supported");
            Error::incompatible_version(why).with_details(format!("supported: {}", list()))
        })
    }

    /// Whether the version has the verb.
    #[must_use]
    pub fn has_verb(self, verb: Verb) -> bool {
        self >= Self::first_with(verb)
    }

    /// Returns the oldest supported version that has the verb.
    #[must_use]
    pub const fn first_with(verb: Verb) -> Self {
        match verb {
            Verb::Add | Verb::Del | Verb::Version => Self::V0_3_0,
            Verb::Check => Self::V0_4_0,
            Verb::Gc | Verb::Status => Self::V1_1_0,
        }
    }

    /// Checks that the version has the verb.
    ///
    /// # Errors
    /// Code 1 if it does not.
    pub fn require_verb(self, verb: Verb) -> Result<()> {
        if self.has_verb(verb) {
            return Ok(());
        }
        let first = Self::first_with(verb);
        let why = format!("cniVersion {self} of the configuration does not support {verb}");
        Err(Error::incompatible_version(why)
            .with_details(format!("{verb} requires {first} or later")))
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Lists all supported versions.
fn list() -> String {
    Version::ALL.map(Version::as_str).join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn verbs_are_supported_from_their_first_version_on() {
        let having = |verb| {
            Version::ALL
                .into_iter()
                .filter(|it| it.has_verb(verb))
                .count()
        };
        assert_eq!(having(Verb::Add), 5);
        assert_eq!(having(Verb::Del), 5);
        assert_eq!(having(Verb::Check), 3);
        assert_eq!(having(Verb::Gc), 1);
        assert_eq!(having(Verb::Status), 1);
        let error = Version::V0_3_1.require_verb(Verb::Check).unwrap_err();
        assert_eq!(error.code(), 1);
        assert_eq!(
            error.msg(),
            "cniVersion 0.3.1 of the configuration does not support CHECK"
        );
    }

    #[test]
    fn other_versions_are_incompatible() {
        for text in [
            None,
            Some("0.1.0"),
            Some("0.2.0"),
            Some("1.1"),
            Some("2.0.0"),
            Some(""),
        ] {
            let error = Version::of_config(text).unwrap_err();
            assert_eq!(error.code(), 1);
            assert!(
                error
                    .details()
                    .contains("0.3.0, 0.3.1, 0.4.0, 1.0.0, 1.1.0")
            );
        }
        assert_eq!(Version::of_config(Some("1.0.0")).unwrap(), Version::V1_0_0);
    }
}

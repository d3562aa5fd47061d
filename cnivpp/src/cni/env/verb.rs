use std::fmt;

use super::{COMMAND, Environment};
use crate::cni::{Error, Result};

/// A verb of the CNI specification.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Verb {
    /// Attach a container to the network.
    Add,
    /// Check an attachment.
    Check,
    /// Remove an attachment.
    Del,
    /// Remove all attachments except those listed as valid.
    Gc,
    /// Report whether ADD can be served.
    Status,
    /// Report the supported versions.
    Version,
}

impl Verb {
    /// All verbs.
    pub const ALL: [Self; 6] = [
        Self::Add,
        Self::Check,
        Self::Del,
        Self::Gc,
        Self::Status,
        Self::Version,
    ];

    /// Returns the value of [`COMMAND`].
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Add => "ADD",
            Self::Check => "CHECK",
            Self::Del => "DEL",
            Self::Gc => "GC",
            Self::Status => "STATUS",
            Self::Version => "VERSION",
        }
    }

    /// Reads the verb from `environment`; `None` if it is not set.
    ///
    /// # Errors
    /// Code 4 if it is unknown.
    pub fn of(environment: &Environment) -> Result<Option<Self>> {
        let Some(text) = environment.get(COMMAND) else {
            return Ok(None);
        };
        let verb = Self::ALL.into_iter().find(|it| text == it.as_str());
        let verb = verb.ok_or_else(|| {
            let known = Self::ALL.map(Self::as_str).join(", ");
            let why = format!("{COMMAND} {text:?} is not one of {known}");
            Error::environment(why)
        })?;
        Ok(Some(verb))
    }
}

impl fmt::Display for Verb {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_verb_is_matched_exactly() {
        let of = |text: &str| Verb::of(&Environment::default().with(COMMAND, text));
        assert_eq!(of("CHECK").unwrap(), Some(Verb::Check));
        assert_eq!(of("").unwrap(), None);
        let error = of("add").unwrap_err();
        assert_eq!(error.code(), 4);
        assert!(error.msg().contains(r#"CNI_COMMAND "add" is not one of"#));
    }
}

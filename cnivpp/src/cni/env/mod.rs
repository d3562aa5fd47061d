//! The environment variables of a plugin.

mod args;
mod attachment;
mod verb;

pub use args::Args;
pub use attachment::{Attachment, Target, check_container_id, check_if_name, is_identifier};
pub use verb::Verb;

use std::collections::BTreeMap;
use std::env;
use std::ffi::{OsStr, OsString};
use std::fmt;
use std::path::PathBuf;

/// The verb.
pub const COMMAND: &str = "CNI_COMMAND";
/// The container ID.
pub const CONTAINER_ID: &str = "CNI_CONTAINERID";
/// The path of the container's network namespace.
pub const NETNS: &str = "CNI_NETNS";
/// The interface name in the container.
pub const IF_NAME: &str = "CNI_IFNAME";
/// The folders of the plugins, separated by `:`.
pub const PATH: &str = "CNI_PATH";
/// Further parameters, `KEY=value` separated by `;`.
pub const ARGS: &str = "CNI_ARGS";
/// Allows the plugin's own network namespace as [`NETNS`]: `1` or `true`.
pub const NETNS_OVERRIDE: &str = "CNI_NETNS_OVERRIDE";

/// Environment variables, of this process or for another plugin.
///
/// `Debug` prints only CNI's variables. Others may be secret.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Environment(BTreeMap<OsString, OsString>);

impl Environment {
    /// Returns the variables of this process.
    #[must_use]
    pub fn of_process() -> Self {
        env::vars_os().collect()
    }

    /// Sets a variable.
    #[must_use]
    pub fn with(mut self, name: impl Into<OsString>, value: impl Into<OsString>) -> Self {
        self.0.insert(name.into(), value.into());
        self
    }

    /// Removes a variable.
    #[must_use]
    pub fn without(mut self, name: &str) -> Self {
        self.0.remove(OsStr::new(name));
        self
    }

    /// Returns the value of a variable. An empty one counts as not set.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&OsStr> {
        let value = self.0.get(OsStr::new(name))?;
        (!value.is_empty()).then_some(value)
    }

    /// Returns the folders in [`PATH`], in order; empty if it is not set.
    #[must_use]
    pub fn plugin_folders(&self) -> Vec<PathBuf> {
        let Some(path) = self.get(PATH) else {
            return Vec::new();
        };
        let folders = env::split_paths(path);
        folders.filter(|it| !it.as_os_str().is_empty()).collect()
    }

    /// Iterates over all variables, sorted by name.
    pub fn iter(&self) -> impl Iterator<Item = (&OsStr, &OsStr)> {
        self.0
            .iter()
            .map(|(name, value)| (name.as_os_str(), value.as_os_str()))
    }
}

impl fmt::Debug for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let is_shown = |name: &OsStr| name.as_encoded_bytes().starts_with(b"CNI_");
        let shown = self.iter().filter(|(name, _)| is_shown(name));
        f.debug_map().entries(shown).finish()
    }
}

impl FromIterator<(OsString, OsString)> for Environment {
    fn from_iter<I: IntoIterator<Item = (OsString, OsString)>>(variables: I) -> Self {
        Self(variables.into_iter().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_variable_counts_as_not_set() {
        let environment = Environment::default().with(NETNS, "").with(IF_NAME, "net1");
        assert_eq!(environment.get(NETNS), None);
        assert_eq!(environment.get(IF_NAME), Some(OsStr::new("net1")));
        assert_eq!(environment.without(IF_NAME).get(IF_NAME), None);
    }

    #[test]
    fn debug_prints_only_variables_of_cni() {
        let environment = Environment::default()
            .with("TOKEN", "t")
            .with(IF_NAME, "net1");
        assert_eq!(format!("{environment:?}"), r#"{"CNI_IFNAME": "net1"}"#);
    }

    #[test]
    fn empty_folders_are_omitted() {
        let environment = Environment::default().with(PATH, "/opt/cni/bin::/usr/lib/cni:");
        let folders: Vec<PathBuf> = vec!["/opt/cni/bin".into(), "/usr/lib/cni".into()];
        assert_eq!(environment.plugin_folders(), folders);
    }
}

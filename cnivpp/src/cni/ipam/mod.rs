//! Delegation to an IPAM plugin.
//!
//! The plugin is the program `ipam.type` in the folders of `CNI_PATH`. It receives the complete
//! configuration and the same environment variables except the verb, and inherits stderr.
//!
//! Distributions have different versions: Debian 12 has `host-local` 1.1.1, which supports neither
//! 1.1.0 nor GC and STATUS. GC and STATUS are therefore forwarded only to a plugin that reports
//! 1.1.0, and DEL falls back to the newest version that both support.

mod exec;
mod reply;
#[cfg(test)]
mod tests;

use std::fmt;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use serde_json::Value;

use super::env::COMMAND;
use super::error::code;
use super::json;
use super::{Call, CniResult, Conf, Environment, Error, Result, Verb, Version};
use exec::{Failure, MAX_OUTPUT, Output};

/// The time for DEL after a failed ADD, even if the deadline has passed.
const CLEANUP_TIME: Duration = Duration::from_secs(2);

/// An IPAM plugin and its input for one attachment.
///
/// `Debug` omits the configuration, which may contain secrets.
#[derive(Clone)]
pub struct Delegate {
    plugin: String,
    config: Vec<u8>,
    version: Version,
    environment: Environment,
    deadline: Instant,
}

/// Whether a verb was forwarded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Forwarded {
    /// The plugin executed it.
    Yes,
    /// The plugin supports only these versions, none of which has the verb.
    TooOld(Vec<String>),
}

impl Delegate {
    /// Creates a delegate for `plugin` with the configuration `config` in `version`.
    ///
    /// `environment` has the `CNI_` variables of the attachment. `CNI_COMMAND` is replaced. At
    /// `deadline` the plugin and its children are killed.
    #[must_use]
    pub fn new(
        plugin: impl Into<String>,
        config: Vec<u8>,
        version: Version,
        environment: Environment,
        deadline: Instant,
    ) -> Self {
        Self {
            plugin: plugin.into(),
            config,
            version,
            environment,
            deadline,
        }
    }

    /// Creates a delegate for the IPAM plugin of a call; `None` if the configuration has none.
    #[must_use]
    pub fn of_call(call: &Call, deadline: Instant) -> Option<Self> {
        let plugin = call.conf.ipam.clone()?;
        let Conf { raw, version, .. } = &call.conf;
        let environment = call.environment.clone();
        Some(Self::new(
            plugin,
            raw.clone(),
            *version,
            environment,
            deadline,
        ))
    }

    /// Returns the plugin's name.
    #[must_use]
    pub fn plugin(&self) -> &str {
        &self.plugin
    }

    /// Sets the deadline.
    #[must_use]
    pub fn with_deadline(mut self, deadline: Instant) -> Self {
        self.deadline = deadline;
        self
    }

    /// Allocates addresses.
    ///
    /// If it fails, runs DEL before it returns the error, as the specification requires. An error
    /// of DEL is added to the details. The caller must make sure that the attachment does not
    /// exist yet, because DEL would release its addresses.
    ///
    /// # Errors
    /// The plugin's own error with its code. Code 1 if the plugin does not support the
    /// configuration's version, 7 if it is not installed, 5 if it cannot be run, 6 if its output is
    /// not a result, 11 if it was killed at the deadline, 101 if it failed without printing an
    /// error as the specification requires.
    pub async fn add(&self) -> Result<CniResult> {
        // A plugin that is not installed has nothing to undo.
        self.program()?;
        let added = self.invoke(Verb::Add, &self.config).await;
        let parsed = added.and_then(|stdout| self.result(&stdout));
        let error = match parsed {
            Ok(result) => return Ok(result),
            Err(error) if error.code() == code::INCOMPATIBLE_VERSION => self.explain(error).await,
            Err(error) => error,
        };
        let cleanup = self.clone();
        let cleanup = cleanup.with_deadline(self.deadline.max(Instant::now() + CLEANUP_TIME));
        Err(match cleanup.del().await {
            Ok(()) => error,
            Err(second) => error.and(format!("DEL after the failed ADD failed: {second}")),
        })
    }

    /// Checks that the addresses are still allocated.
    ///
    /// # Errors
    /// As [`add`](Self::add).
    pub async fn check(&self) -> Result<()> {
        self.invoke(Verb::Check, &self.config).await.map(drop)
    }

    /// Releases the addresses.
    ///
    /// If the plugin does not support the configuration's version, it is run again with the newest
    /// version that it supports, so that the pod can be deleted.
    ///
    /// # Errors
    /// As [`add`](Self::add).
    pub async fn del(&self) -> Result<()> {
        let error = match self.invoke(Verb::Del, &self.config).await {
            Err(error) if error.code() == code::INCOMPATIBLE_VERSION => error,
            other => return other.map(drop),
        };
        let Some(config) = self.older_config().await else {
            return Err(error);
        };
        self.invoke(Verb::Del, &config).await.map(drop)
    }

    /// Releases the addresses of attachments that the configuration does not list as valid.
    ///
    /// `host-local` up to 1.9.1 accepts GC but does nothing, so a caller that knows a stale
    /// attachment must also run DEL for it.
    ///
    /// # Errors
    /// As [`add`](Self::add).
    pub async fn gc(&self) -> Result<Forwarded> {
        self.forward(Verb::Gc).await
    }

    /// Checks whether the plugin can serve ADD.
    ///
    /// # Errors
    /// As [`add`](Self::add); code 50 if the plugin is not installed.
    pub async fn status(&self) -> Result<Forwarded> {
        let forwarded = self.forward(Verb::Status).await;
        forwarded.map_err(|error| match error.code() {
            code::CONFIG => error.with_code(code::NOT_AVAILABLE),
            _ => error,
        })
    }

    /// Returns the versions that the plugin supports, in its order.
    ///
    /// # Errors
    /// As [`add`](Self::add).
    pub async fn versions(&self) -> Result<Vec<String>> {
        let config = format!(r#"{{"cniVersion":"{}"}}"#, self.version);
        let stdout = self.invoke(Verb::Version, config.as_bytes()).await?;
        reply::versions(&stdout).ok_or_else(|| {
            let why = format!("{} reported no versions", self.name());
            Error::decode(why).with_details(reply::printed(&stdout))
        })
    }

    async fn forward(&self, verb: Verb) -> Result<Forwarded> {
        let versions = self.versions().await?;
        let has_verb = |it: &String| Version::find(it).is_some_and(|it| it.has_verb(verb));
        if !versions.iter().any(has_verb) {
            return Ok(Forwarded::TooOld(versions));
        }
        self.invoke(verb, &self.config).await?;
        Ok(Forwarded::Yes)
    }

    /// Replaces an error about an unsupported version by one that lists the plugin's versions.
    async fn explain(&self, error: Error) -> Error {
        let Ok(versions) = self.versions().await else {
            return error;
        };
        let (name, version) = (self.name(), self.version);
        let supported = versions.join(", ");
        let why = format!("{name} does not support cniVersion {version} of the configuration");
        Error::incompatible_version(why).with_details(format!(
            "it supports {supported}; install a newer one, or use one of these versions"
        ))
    }

    /// Returns the configuration with the newest older version that the plugin supports.
    async fn older_config(&self) -> Option<Vec<u8>> {
        let versions = self.versions().await.ok()?;
        let older = Version::ALL.into_iter().filter(|it| *it < self.version);
        let mut supported = older.filter(|it| versions.iter().any(|known| known == it.as_str()));
        let version = supported.next_back()?;
        let mut config = json::parse(&self.config).ok()?;
        config
            .as_object_mut()?
            .insert("cniVersion".into(), version.as_str().into());
        Some(config.to_string().into_bytes())
    }

    fn program(&self) -> Result<PathBuf> {
        exec::find(&self.plugin, &self.environment.plugin_folders())
    }

    fn name(&self) -> String {
        format!("ipam plugin {}", self.plugin)
    }

    fn result(&self, stdout: &[u8]) -> Result<CniResult> {
        let what = format!("the result of {}", self.name());
        let value = json::parse(stdout).map_err(|error| {
            let why = format!("{what} is not JSON: {error}");
            Error::decode(why).with_details(reply::printed(stdout))
        })?;
        if value == Value::Null {
            return Err(Error::decode(format!("{what} is null")));
        }
        CniResult::parse(&value, self.version, &what)
    }

    /// Runs the plugin and returns its output.
    async fn invoke(&self, verb: Verb, config: &[u8]) -> Result<Vec<u8>> {
        let program = self.program()?;
        let environment = self.environment.clone().with(COMMAND, verb.as_str());
        let name = self.name();
        match exec::execute(&program, &environment, config, self.deadline).await {
            Ok(Output { status, stdout }) if status.success() => Ok(stdout),
            Ok(Output { status, stdout }) => Err(reply::error(&name, verb, status, &stdout)),
            Err(Failure::Io(error)) => {
                let why = format!("cannot run {name} ({}): {error}", program.display());
                Err(Error::io(why))
            }
            Err(Failure::Timeout) => {
                let why = format!("{name} did not finish {verb} before the deadline");
                Err(Error::try_again(why))
            }
            Err(Failure::TooLong) => {
                let why = format!("{name} printed more than {MAX_OUTPUT} bytes during {verb}");
                Err(Error::delegate(why).with_details("it was killed"))
            }
        }
    }
}

impl fmt::Debug for Delegate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Delegate")
            .field("plugin", &self.plugin)
            .field("version", &self.version)
            .finish_non_exhaustive()
    }
}

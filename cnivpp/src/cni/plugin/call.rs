use std::fs;
use std::io::Read;
use std::mem;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use crate::cni::conf::{MAX_SIZE, version_for_error};
use crate::cni::env::{NETNS, NETNS_OVERRIDE, Target};
use crate::cni::{Attachment, Conf, Environment, Error, Requested, Result, Verb};

/// A call of the runtime: the verb, the environment and the configuration.
#[derive(Debug, Clone)]
pub struct Call {
    /// The verb.
    pub verb: Verb,
    /// The environment variables, for a delegated plugin.
    pub environment: Environment,
    /// The configuration.
    pub conf: Conf,
}

impl Call {
    /// Reads what the runtime requests for an attachment.
    ///
    /// # Errors
    /// As [`Requested::of`].
    pub fn requested(&self, attachment: &Attachment) -> Result<Requested> {
        Requested::of(&self.conf, &attachment.args)
    }
}

/// A received configuration that is not parsed yet.
#[derive(Debug)]
pub(super) struct Input {
    pub raw: Vec<u8>,
    /// The error, if it could not be read completely.
    pub error: Option<Error>,
}

impl Input {
    pub(super) fn read(stdin: impl Read) -> Self {
        let mut raw = Vec::new();
        let limit = u64::try_from(MAX_SIZE).unwrap_or(u64::MAX);
        let read = stdin.take(limit.saturating_add(1)).read_to_end(&mut raw);
        let error = match read {
            Err(error) => Some(Error::io(format!(
                "cannot read the network configuration from stdin: {error}"
            ))),
            Ok(_) if raw.len() > MAX_SIZE => Some(Error::decode(format!(
                "the network configuration is longer than {MAX_SIZE} bytes"
            ))),
            Ok(_) => None,
        };
        Self { raw, error }
    }

    /// Returns the `cniVersion` for an error about an invalid configuration.
    pub(super) fn version_for_error(&self) -> String {
        version_for_error(&self.raw)
    }

    /// Checks the input, and the variables that the verb needs. On success, moves the bytes to the
    /// configuration.
    pub(super) fn check(&mut self, verb: Verb, environment: Environment) -> Result<(Call, Target)> {
        let target = Target::of(verb, &environment)?;
        if let Some(error) = self.error.take() {
            return Err(error);
        }
        let mut conf = Conf::read(&self.raw)?;
        conf.version.require_verb(verb)?;
        if let Target::Attachment(attachment) = &target {
            check_netns(attachment, &environment)?;
        }
        conf.raw = mem::take(&mut self.raw);
        let call = Call {
            verb,
            environment,
            conf,
        };
        Ok((call, target))
    }
}

/// Rejects the plugin's own network namespace, which is the node's: it is not a container.
fn check_netns(attachment: &Attachment, environment: &Environment) -> Result<()> {
    let value = environment.get(NETNS_OVERRIDE);
    let allowed = value.is_some_and(|it| it == "1" || it.eq_ignore_ascii_case("true"));
    match &attachment.netns {
        Some(netns) if !allowed && is_own_netns(netns) => {
            let netns = netns.display();
            let why = format!("{NETNS} {netns} is the network namespace of the plugin itself");
            Err(Error::netns(why).with_details(format!("set {NETNS_OVERRIDE}=1 to allow it")))
        }
        _ => Ok(()),
    }
}

/// Whether the path is the network namespace of this process.
///
/// Returns false for a path that cannot be read: DEL must accept a deleted namespace, and ADD
/// reports it later.
fn is_own_netns(netns: &Path) -> bool {
    // A thread may have another namespace than its process.
    let own = fs::metadata("/proc/thread-self/ns/net");
    match (own, fs::metadata(netns)) {
        (Ok(own), Ok(other)) => (own.dev(), own.ino()) == (other.dev(), other.ino()),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_plugins_own_namespace_is_recognized_by_any_path() {
        assert!(is_own_netns(Path::new("/proc/self/ns/net")));
        assert!(!is_own_netns(Path::new("/proc/self/ns/mnt")));
        assert!(!is_own_netns(Path::new("/proc/self/ns/absent")));
    }
}

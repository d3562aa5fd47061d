//! The standard keys of a network configuration.

mod attachments;
#[cfg(test)]
mod tests;

pub use attachments::ValidAttachment;

use std::fmt;

use serde_json::Value;

use super::env::is_identifier;
use super::error::code;
use super::fields::{Fields, Problems};
use super::json::{self, Object};
use super::result::{self, Dns};
use super::{CniResult, Error, Result, Version};

/// The maximum size of a configuration in bytes: 4 MiB, enough for a GC with 30,000 attachments.
pub const MAX_SIZE: usize = 4 << 20;

/// A network configuration that the runtime sends on stdin.
///
/// `Debug` prints only keys that cannot be secret.
#[derive(Clone, PartialEq)]
pub struct Conf {
    /// The bytes as received, for a delegated plugin.
    pub raw: Vec<u8>,
    /// All keys.
    pub object: Object,
    /// `cniVersion`.
    pub version: Version,
    /// `name`: the network's name, an [identifier](is_identifier).
    pub name: String,
    /// `type`: the plugin's name.
    pub plugin: Option<String>,
    /// `ipam.type`: the name of the IPAM plugin.
    pub ipam: Option<String>,
    /// `dns`: DNS settings for the result.
    pub dns: Dns,
    /// `capabilities`: the enabled ones.
    pub capabilities: Vec<String>,
    /// `runtimeConfig`: values of capabilities.
    pub runtime_config: Object,
    /// `args.cni`: parameters of the operator.
    pub args: Object,
    /// `disableCheck`: CHECK does nothing. Runtimes usually do not pass it on. Default: false.
    pub disable_check: bool,
}

impl Conf {
    /// Parses a configuration.
    ///
    /// # Errors
    /// Code 6 if it is not a JSON object with unique keys, 1 if its version is not supported, 7 if
    /// standard keys are invalid. The error names all invalid keys and their values.
    pub fn parse(raw: Vec<u8>) -> Result<Self> {
        let conf = Self::read(&raw)?;
        Ok(Self { raw, ..conf })
    }

    /// Does the same as [`Conf::parse`], but does not keep the bytes.
    pub(super) fn read(raw: &[u8]) -> Result<Self> {
        let object = parse_object(raw)?;
        let mut problems = Problems::default();
        let fields = Fields::new(&object, "");
        let version = fields.text("cniVersion", &mut problems);
        if !problems.is_empty() {
            return Err(invalid(problems));
        }
        let version = Version::of_config(version)?;
        let name = fields.text("name", &mut problems);
        match name {
            None if fields.any("name").is_none() => problems.invalid("name is missing"),
            Some(name) if !is_identifier(name) => problems.invalid(format!(
                "name {:?} must consist of letters, digits, '_', '.' and '-', and start with a \
                 letter or digit",
                json::shorten(name)
            )),
            _ => {}
        }
        let ipam = fields.object("ipam", &mut problems);
        let ipam = ipam.and_then(|it| it.non_empty("type", &mut problems));
        let dns = fields.object("dns", &mut problems);
        let dns = dns.map(|it| result::dns(&it, &mut problems));
        let args = fields.object("args", &mut problems);
        let args = args.and_then(|it| it.object("cni", &mut problems));
        let conf = Self {
            version,
            name: name.unwrap_or_default().to_owned(),
            plugin: fields.non_empty("type", &mut problems).map(str::to_owned),
            ipam: ipam.map(str::to_owned),
            dns: dns.unwrap_or_default(),
            capabilities: capabilities(&fields, &mut problems),
            runtime_config: cloned(fields.object("runtimeConfig", &mut problems)),
            args: cloned(args),
            disable_check: fields.flag("disableCheck", &mut problems).unwrap_or(false),
            raw: Vec::new(),
            object: Object::new(),
        };
        if !problems.is_empty() {
            return Err(invalid(problems));
        }
        Ok(Self { object, ..conf })
    }

    /// Parses `prevResult`: the result of the previous plugin in the chain, or of ADD for CHECK and
    /// DEL.
    ///
    /// # Errors
    /// Code 6 if it is not a result of a supported version.
    pub fn prev_result(&self) -> Result<Option<CniResult>> {
        match self.object.get("prevResult") {
            None | Some(Value::Null) => Ok(None),
            Some(value) => CniResult::parse(value, self.version, "prevResult").map(Some),
        }
    }
}

fn parse_object(raw: &[u8]) -> Result<Object> {
    let what = "cannot parse the network configuration";
    if raw.trim_ascii().is_empty() {
        return Err(Error::decode(format!("{what}: stdin is empty")));
    }
    match json::parse(raw) {
        Ok(Value::Object(object)) => Ok(object),
        Ok(_) => Err(Error::decode(format!("{what}: it is not a JSON object"))),
        Err(error) => Err(Error::decode(format!("{what}: {error}"))),
    }
}

fn invalid(problems: Problems) -> Error {
    let result = problems.into_result("the network configuration", code::CONFIG);
    result
        .err()
        .unwrap_or_else(|| Error::internal("an invalid configuration has no problem"))
}

fn capabilities(fields: &Fields<'_>, problems: &mut Problems) -> Vec<String> {
    let Some(all) = fields.object("capabilities", problems) else {
        return Vec::new();
    };
    let keys = all.as_object().keys();
    keys.filter(|key| all.flag(key, problems) == Some(true))
        .cloned()
        .collect()
}

fn cloned(fields: Option<Fields<'_>>) -> Object {
    fields.map(|it| it.as_object().clone()).unwrap_or_default()
}

/// Returns the `cniVersion` for an error about an invalid configuration: the version in the text if
/// it looks valid, or else the newest supported one.
#[must_use]
pub fn version_for_error(raw: &[u8]) -> String {
    let parsed = json::parse(raw).ok();
    let version = parsed.as_ref().and_then(|it| it.get("cniVersion"));
    let version = match version {
        Some(value) => value.as_str().map(str::to_owned),
        None if parsed.is_some() => None,
        None => scan(raw),
    };
    let is_plausible = |it: &String| {
        (1..=16).contains(&it.len()) && it.bytes().all(|it| it.is_ascii_digit() || it == b'.')
    };
    let version = version.filter(is_plausible);
    version.unwrap_or_else(|| Version::NEWEST.to_string())
}

/// Finds `"cniVersion": "..."` in a text that is not valid JSON.
fn scan(raw: &[u8]) -> Option<String> {
    const KEY: &[u8] = b"\"cniVersion\"";
    let start = raw.windows(KEY.len()).position(|it| it == KEY)?;
    let rest = raw.get(start + KEY.len()..)?.trim_ascii_start();
    let rest = rest.strip_prefix(b":")?.trim_ascii_start();
    let rest = rest.strip_prefix(b"\"")?;
    let end = rest.iter().position(|&it| it == b'"')?;
    String::from_utf8(rest.get(..end)?.to_vec()).ok()
}

impl fmt::Debug for Conf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Conf")
            .field("version", &self.version)
            .field("name", &self.name)
            .field("plugin", &self.plugin)
            .field("ipam", &self.ipam)
            .finish_non_exhaustive()
    }
}

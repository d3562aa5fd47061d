//! Interprets the output of a plugin.

use std::os::unix::process::ExitStatusExt;
use std::process::ExitStatus;

use serde_json::Value;

use crate::cni::{Error, Verb, json};

/// Returns the error of a failed plugin: the error that it printed, prefixed with its name, or else
/// one with its exit status.
pub(super) fn error(name: &str, verb: Verb, status: ExitStatus, stdout: &[u8]) -> Error {
    if let Some(own) = parse_error(stdout) {
        return own.during(name);
    }
    let how = match (status.code(), status.signal()) {
        (Some(code), _) => format!("exited with status {code}"),
        (None, Some(signal)) => format!("was killed by signal {signal}"),
        (None, None) => "ended".to_owned(),
    };
    let why = format!("{name} {how} during {verb} and printed no error in JSON");
    Error::delegate(why).with_details(printed(stdout))
}

/// Parses an error document of the specification.
fn parse_error(stdout: &[u8]) -> Option<Error> {
    let value: Value = serde_json::from_slice(stdout).ok()?;
    let code = u32::try_from(value.get("code")?.as_u64()?).ok()?;
    let text = |key| value.get(key).and_then(Value::as_str).unwrap_or_default();
    let (msg, details) = (text("msg"), text("details"));
    if code == 0 || (msg.is_empty() && details.is_empty()) {
        return None;
    }
    Some(Error::new(code, msg).with_details(details))
}

/// Parses the reply to VERSION.
pub(super) fn versions(stdout: &[u8]) -> Option<Vec<String>> {
    let value: Value = serde_json::from_slice(stdout).ok()?;
    let all = value.get("supportedVersions")?.as_array()?.iter();
    all.map(|it| it.as_str().map(str::to_owned)).collect()
}

/// Describes the output, for the details of an error.
pub(super) fn printed(stdout: &[u8]) -> String {
    let text = String::from_utf8_lossy(stdout.get(..1024).unwrap_or(stdout));
    match text.trim() {
        "" => "stdout is empty".to_owned(),
        text => format!("stdout is {:?}", json::shorten(text)),
    }
}

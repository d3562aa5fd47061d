//! Checks vectors of an independent encoder in both directions.

use std::path::{Path, PathBuf};

use serde_json::Value;
use vpp_wire::Header;
use vpp_wire::registry::{AnyMessage, Registry};

use crate::{hex, unhex};

/// The id and header of all vectors, as far as a message has them.
const MESSAGE_ID: u16 = 0x0102;
const HEADER: Header = Header {
    client_index: 0x1122_3344,
    context: 0x5566_7788,
};

/// The folder with the vectors of the vendored release.
#[must_use]
pub fn folder() -> PathBuf {
    let vectors = Path::new(env!("CARGO_MANIFEST_DIR")).join("vectors");
    vectors.join(vpp_api_json::LATEST_RELEASE)
}

/// Checks every sample of a file of vectors (`MODULE.jsonl`, one line per message) and returns
/// their number.
///
/// # Errors
/// The message and sample that differs first.
pub fn check_file(registry: &Registry, text: &str) -> Result<usize, String> {
    text.lines().map(|line| check_line(registry, line)).sum()
}

fn check_line(registry: &Registry, line: &str) -> Result<usize, String> {
    let line: Value = serde_json::from_str(line).map_err(|error| error.to_string())?;
    let name = line["message"].as_str().unwrap_or_default();
    let crc = line["crc"]
        .as_str()
        .unwrap_or_default()
        .trim_start_matches("0x");
    let entry = registry
        .get(&format!("{name}_{crc}"))
        .ok_or_else(|| format!("{name}_{crc} is not in the registry"))?;
    let samples = line["samples"].as_array().map_or(&[][..], Vec::as_slice);
    for sample in samples {
        check_sample(entry, sample).map_err(|error| format!("{name}: {error}: {sample}"))?;
    }
    Ok(samples.len())
}

fn check_sample(entry: &vpp_wire::registry::Entry, sample: &Value) -> Result<(), String> {
    let json = entry.json.ok_or("the registry has no JSON")?;
    let expected = sample["hex"].as_str().unwrap_or_default();
    let payload = unhex(expected).ok_or("the vector is not hex")?;
    let (header, message) = (entry.decode)(&payload).map_err(|error| error.to_string())?;
    let differs = |found, expected| found != 0 && found != expected;
    if differs(header.client_index, HEADER.client_index) || differs(header.context, HEADER.context)
    {
        return Err(format!("the header is {header:?}"));
    }
    same("its bytes", &encode(message.as_ref())?, expected)?;

    let text = (json.from_payload)(&payload).map_err(|error| error.to_string())?;
    let found: Value = serde_json::from_str(&text).map_err(|error| error.to_string())?;
    same("its JSON", &found, &sample["json"])?;

    let read = (json.to_message)(&sample["json"].to_string()).map_err(|error| error.to_string())?;
    same("the bytes of its JSON", &encode(read.as_ref())?, expected)
}

fn encode(message: &dyn AnyMessage) -> Result<String, String> {
    let mut out = Vec::new();
    message
        .encode_payload(MESSAGE_ID, HEADER, &mut out)
        .map_err(|error| error.to_string())?;
    Ok(hex(&out))
}

fn same<F, E>(what: &str, found: &F, expected: &E) -> Result<(), String>
where
    F: PartialEq<E> + std::fmt::Display + ?Sized,
    E: ?Sized,
{
    if found == expected {
        Ok(())
    } else {
        Err(format!("{what} are {found}"))
    }
}

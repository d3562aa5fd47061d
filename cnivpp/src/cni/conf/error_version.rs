use crate::cni::{Version, json};

/// The `cniVersion` for an error about a configuration that cannot be parsed: that of the
/// text if it can be found and looks like one, else the newest supported one.
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

/// Searches the text for `"cniVersion": "..."`.
fn scan(raw: &[u8]) -> Option<String> {
    const KEY: &[u8] = b"\"cniVersion\"";
    let start = raw.windows(KEY.len()).position(|it| it == KEY)?;
    let rest = raw.get(start + KEY.len()..)?.trim_ascii_start();
    let rest = rest.strip_prefix(b":")?.trim_ascii_start();
    let rest = rest.strip_prefix(b"\"")?;
    let end = rest.iter().position(|&it| it == b'"')?;
    String::from_utf8(rest.get(..end)?.to_vec()).ok()
}

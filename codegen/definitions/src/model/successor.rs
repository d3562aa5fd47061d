//! The message that replaces another: one rule for generated code and for `diff`.

/// The message that replaces `name`: the one that the option `replaced_by` names, or the
/// newest version. `is_defined` looks among the definitions that may have it.
pub fn successor(
    name: &str,
    replaced_by: Option<&str>,
    is_defined: impl Fn(&str) -> bool,
) -> Option<String> {
    match replaced_by {
        Some(other) if is_defined(other) => Some(other.to_owned()),
        _ => newest_version(name, is_defined),
    }
}

/// `memif_create_reply` → `memif_create_v2_reply`, if that is the newest defined version.
fn newest_version(name: &str, is_defined: impl Fn(&str) -> bool) -> Option<String> {
    let (base, _, suffix) = parts(name);
    let versions = (2..100)
        .rev()
        .map(|number| format!("{base}_v{number}{suffix}"));
    let mut names = versions.chain([format!("{base}{suffix}")]);
    names.find(|other| is_defined(other))
}

/// The version in a message name; 1 if the name has none.
pub fn version(name: &str) -> u32 {
    parts(name).1
}

/// `memif_create_v2_reply` → `memif_create`, 2, `_reply`
fn parts(name: &str) -> (&str, u32, &str) {
    let suffixes = ["_reply", "_details", "_dump"];
    let mut suffixes = suffixes
        .iter()
        .filter_map(|suffix| Some((name.strip_suffix(suffix)?, *suffix)));
    let (stem, suffix) = suffixes.next().unwrap_or((name, ""));
    let numbered = stem
        .rsplit_once("_v")
        .and_then(|(base, number)| Some((base, number.parse().ok()?)));
    let (base, version) = numbered.unwrap_or((stem, 1));
    (base, version, suffix)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn option_takes_precedence_over_newest_version() {
        let defined = ["a_v2", "a_v3", "a_v3_reply", "b"];
        let of = |name, option| successor(name, option, |other| defined.contains(&other));
        assert_eq!(of("a", None).as_deref(), Some("a_v3"));
        assert_eq!(of("a", Some("b")).as_deref(), Some("b"));
        assert_eq!(of("a", Some("absent")).as_deref(), Some("a_v3"));
        assert_eq!(of("a_v2_reply", None).as_deref(), Some("a_v3_reply"));
        assert_eq!(of("c", None), None);
    }
}

//! Reads the pod's annotations from a file (Downward API).

use std::fs::File;
use std::io::{ErrorKind, Read};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use rustix::fs::OFlags;

use super::convert::attachment;
use super::{ConfigData, DEFAULT_MAPPED_DIR, FoundAttachment, Problem, ReadOutcome, Source};

/// The annotation with one [`ConfigData`] per interface.
pub const CONFIGURATION: &str = "userspace/configuration-data";

/// The annotation with the folder of the socket files in the container.
pub const MAPPED_DIR: &str = "userspace/mapped-dir";

/// The largest file that is read, in bytes; Kubernetes allows 256 KiB of annotations.
const LIMIT: u64 = 1 << 20;

/// Adds the interfaces in the pod's annotations that `found` does not have. A missing file, or one
/// without the plugin's annotation, adds nothing.
///
/// kubelet writes one annotation per line, `key="value"` with escapes as in Go. It updates the file
/// by replacing a symbolic link, so links are followed.
pub fn read_annotations(file: &Path, found: &mut ReadOutcome) {
    let text = match read(file) {
        Ok(Some(text)) => text,
        Ok(None) => return,
        Err(why) => return report(found, file, why),
    };
    let value = |key: &str| {
        let line = text
            .lines()
            .find_map(|it| it.strip_prefix(key)?.strip_prefix('='));
        line.map(unquote)
    };
    let Some(configuration) = value(CONFIGURATION) else {
        return;
    };
    let dir = match value(MAPPED_DIR) {
        Some(Some(dir)) => dir,
        _ => DEFAULT_MAPPED_DIR.to_owned(),
    };
    let entries = configuration.ok_or_else(|| "the text is not quoted".to_owned());
    let entries = entries.and_then(|it| {
        serde_json::from_str::<Vec<serde_json::Value>>(&it).map_err(|error| error.to_string())
    });
    let entries = match entries {
        Ok(entries) => entries,
        Err(why) => return report(found, file, format!("{CONFIGURATION} is not valid: {why}")),
    };
    let mut chosen = Vec::new();
    for (n, entry) in entries.into_iter().enumerate() {
        let parsed = serde_json::from_value::<ConfigData>(entry);
        let parsed = parsed.map_err(|error| error.to_string());
        match parsed.and_then(|it| attachment(&it, Path::new(&dir))) {
            Ok(attachment) => chosen.push(attachment),
            Err(why) => report(found, file, format!("entry {n} of {CONFIGURATION}: {why}")),
        }
    }
    // The Go plugin appends entries, so the last one per interface is the newest.
    for attachment in chosen.into_iter().rev() {
        let is_same = |it: &FoundAttachment| it.attachment.if_name == attachment.if_name;
        if !found.attachments.iter().any(is_same) {
            found.attachments.push(FoundAttachment {
                attachment,
                source: Source::Annotation,
                folder: usize::MAX,
                files: Vec::new(),
            });
        }
    }
    found
        .attachments
        .sort_by(|one, other| one.attachment.if_name.cmp(&other.attachment.if_name));
}

fn report(found: &mut ReadOutcome, file: &Path, why: String) {
    let path = file.to_owned();
    found.problems.push(Problem { path, why });
}

fn read(path: &Path) -> Result<Option<String>, String> {
    let flags = i32::try_from(OFlags::NONBLOCK.bits()).unwrap_or(0);
    let file = match File::options().read(true).custom_flags(flags).open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error.kind().to_string()),
    };
    if !file.metadata().is_ok_and(|it| it.is_file()) {
        return Err("it is not a regular file".to_owned());
    }
    let mut text = String::new();
    let read = file.take(LIMIT + 1).read_to_string(&mut text);
    read.map_err(|error| error.kind().to_string())?;
    if u64::try_from(text.len()).is_ok_and(|it| it > LIMIT) {
        return Err(format!("it is larger than {LIMIT} bytes"));
    }
    Ok(Some(text))
}

/// Parses a quoted Go string; `None` if it is not one.
fn unquote(text: &str) -> Option<String> {
    let inside = text.trim_end().strip_prefix('"')?.strip_suffix('"')?;
    let mut plain = String::with_capacity(inside.len());
    let mut chars = inside.chars();
    while let Some(char) = chars.next() {
        if char != '\\' {
            plain.push(char);
            continue;
        }
        plain.push(match chars.next()? {
            'n' => '\n',
            't' => '\t',
            'r' => '\r',
            'a' => '\u{7}',
            'b' => '\u{8}',
            'f' => '\u{c}',
            'v' => '\u{b}',
            'x' => hex(&mut chars, 2)?,
            'u' => hex(&mut chars, 4)?,
            'U' => hex(&mut chars, 8)?,
            other @ ('"' | '\'' | '\\') => other,
            _ => return None,
        });
    }
    Some(plain)
}

fn hex(chars: &mut std::str::Chars<'_>, digits: usize) -> Option<char> {
    let text = chars.as_str().get(..digits)?;
    let value = u32::from_str_radix(text, 16).ok()?;
    *chars = chars.as_str().get(digits..)?.chars();
    char::from_u32(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quoted_strings_of_go_are_read() {
        assert_eq!(
            unquote(r#""a\n\t\"\\\u00e9\x41""#).as_deref(),
            Some("a\n\t\"\\éA")
        );
        for bad in [
            "",
            "\"",
            "a",
            r#""\"#,
            r#""\q""#,
            r#""\u12""#,
            r#""\ud800""#,
            r#""\xé""#,
        ] {
            assert_eq!(unquote(bad), None, "{bad}");
        }
    }
}

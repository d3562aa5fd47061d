//! The API definitions, as `get_api_json` gives them.

use std::path::Path;
use std::sync::OnceLock;

/// A JSON array with one object per module; empty when the definitions are not at hand.
pub(crate) fn text() -> String {
    static TEXT: OnceLock<String> = OnceLock::new();
    TEXT.get_or_init(|| read(Path::new(vpp_api_json::V26_06)))
        .clone()
}

fn read(folder: &Path) -> String {
    let mut files = Vec::new();
    for part in ["core", "plugins"] {
        let entries = std::fs::read_dir(folder.join(part)).into_iter().flatten();
        files.extend(entries.flatten().map(|entry| entry.path()));
    }
    files.sort();
    let texts = files
        .iter()
        .filter_map(|file| match std::fs::read_to_string(file) {
            Ok(text) => Some(text),
            Err(error) => {
                tracing::warn!(file = %file.display(), %error, "cannot read a definition");
                None
            }
        });
    format!("[{}]", texts.collect::<Vec<_>>().join(","))
}

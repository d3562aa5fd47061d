use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use crate::providers::provider;

/// The document of one module, as `get_api_json` returns it.
#[derive(Debug)]
pub struct ModuleDocument {
    /// The module.
    pub module: String,
    /// Its definitions: an object.
    pub json: Value,
}

/// The names and CRCs of a document's messages, in its order.
pub fn messages(json: &Value) -> impl Iterator<Item = (&str, u32)> {
    let messages = json["messages"].as_array().into_iter().flatten();
    messages.filter_map(|message| {
        let parts = message.as_array()?;
        let crc = parts.last()?["crc"].as_str()?;
        let crc = u32::from_str_radix(crc.trim_start_matches("0x"), 16).ok()?;
        Some((parts.first()?.as_str()?, crc))
    })
}

/// Splits an array into documents and names each. No two have the same name.
///
/// # Errors
/// The text is not an array of JSON objects.
pub fn split(text: &[u8]) -> Result<Vec<ModuleDocument>, serde_json::Error> {
    // Parsed as objects, so that later code can index and extend the documents.
    let documents: Vec<Map<String, Value>> = serde_json::from_slice(text)?;
    let mut modules = BTreeSet::new();
    let documents = documents.into_iter().enumerate().map(|(at, json)| {
        let json = Value::Object(json);
        let name = name(&json).unwrap_or_else(|| format!("module{at}"));
        let module = if modules.contains(&name) {
            format!("{name}{at}")
        } else {
            name
        };
        modules.insert(module.clone());
        ModuleDocument { module, json }
    });
    Ok(documents.collect())
}

/// Returns the module's name: the key `module` (VPP 26.06 and later), or a name that follows
/// from the messages. It becomes a file name, so it has no separators.
fn name(json: &Value) -> Option<String> {
    if let Some(name) = json["module"].as_str() {
        let is_word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
        return (!name.is_empty() && name.chars().all(is_word)).then(|| name.to_owned());
    }
    known_module(json).or_else(|| common_prefix(json))
}

/// The module that contains most of the messages in a known VPP release.
fn known_module(json: &Value) -> Option<String> {
    let mut votes = BTreeMap::<&str, usize>::new();
    for provider in messages(json).filter_map(|(name, _)| provider(name)) {
        *votes.entry(provider.module).or_default() += 1;
    }
    let known = votes.into_iter().max_by_key(|(_, votes)| *votes);
    known.map(|(module, _)| module.to_owned())
}

/// The words that all messages of a document begin with: `lamp` of `lamp_set`, `lamp_dump`.
fn common_prefix(json: &Value) -> Option<String> {
    let mut names = messages(json).map(|(name, _)| name.split('_').collect::<Vec<_>>());
    let first = names.next()?;
    let shared = names.fold(first, |mut shared, name| {
        let same = shared
            .iter()
            .zip(&name)
            .take_while(|(one, other)| one == other);
        shared.truncate(same.count());
        shared
    });
    (!shared.is_empty()).then(|| shared.join("_"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split_names(text: &str) -> Vec<String> {
        let documents = split(text.as_bytes()).unwrap();
        documents
            .into_iter()
            .map(|document| document.module)
            .collect()
    }

    fn document(messages: &[&str]) -> String {
        let messages = messages.iter();
        let messages = messages.map(|name| format!("[\"{name}\",{{\"crc\":\"0x1\"}}]"));
        format!(
            "{{\"messages\":[{}]}}",
            messages.collect::<Vec<_>>().join(",")
        )
    }

    #[test]
    fn document_is_named_by_its_key_or_its_messages() {
        let own = r#"{"module":"lamp","messages":[]}"#.to_owned();
        let known = document(&["sw_interface_dump", "hw_interface_set_mtu", "control_ping"]);
        let unknown = document(&["fan_speed_get", "fan_speed_set"]);
        let nothing = document(&["one", "two"]);
        let text = format!("[\n{own},{known},{unknown},{nothing},{nothing}]");
        let names = ["lamp", "interface", "fan_speed", "module3", "module4"];
        assert_eq!(split_names(&text), names);
    }

    #[test]
    fn name_with_path_separators_is_ignored() {
        let text = r#"[{"module":"../../etc/passwd","messages":[]}]"#;
        assert_eq!(split_names(text), ["module0"]);
    }
}

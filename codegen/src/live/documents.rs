//! The answer of `get_api_json`: an array with one document a module.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde_json::Value;

use super::{LiveError, providers};

/// The document of one module.
#[derive(Debug)]
pub struct OfModule {
    pub module: String,
    pub json: Value,
}

pub fn split(socket: &Path, text: &str) -> Result<Vec<OfModule>, LiveError> {
    let answer = |problem: String| LiveError::Answer {
        socket: socket.to_owned(),
        asked: "get_api_json".to_owned(),
        problem,
    };
    let documents: Vec<Value> =
        serde_json::from_str(text).map_err(|error| answer(error.to_string()))?;
    let mut modules = BTreeSet::new();
    let mut split = Vec::new();
    for (at, json) in documents.into_iter().enumerate() {
        if !json["messages"].is_array() {
            return Err(answer(format!("document {at} has no messages")));
        }
        let name = name(&json).unwrap_or_else(|| format!("module{at}"));
        let module = if modules.contains(&name) {
            format!("{name}{at}")
        } else {
            name
        };
        modules.insert(module.clone());
        split.push(OfModule { module, json });
    }
    Ok(split)
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

/// What a document calls itself, from VPP 26.06 on; before, the module that VPP is known to
/// have most of its messages in. The name becomes a file's.
fn name(json: &Value) -> Option<String> {
    if let Some(name) = json["module"].as_str() {
        let is_word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
        return (!name.is_empty() && name.chars().all(is_word)).then(|| name.to_owned());
    }
    let mut votes: BTreeMap<&str, usize> = BTreeMap::new();
    for provider in messages(json).filter_map(|(name, _)| providers::provider(name)) {
        *votes.entry(provider.module).or_default() += 1;
    }
    let known = votes.into_iter().max_by_key(|(_, votes)| *votes);
    known
        .map(|(module, _)| module.to_owned())
        .or_else(|| shared(json))
}

/// The words that all messages of a document begin with: `lamp` of `lamp_set`, `lamp_dump`.
fn shared(json: &Value) -> Option<String> {
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
        let documents = split(Path::new("s"), text).unwrap();
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
    fn a_document_is_named_by_itself_or_by_its_messages() {
        let own = r#"{"module":"lamp","messages":[]}"#.to_owned();
        let known = document(&["sw_interface_dump", "hw_interface_set_mtu", "control_ping"]);
        let unknown = document(&["fan_speed_get", "fan_speed_set"]);
        let nothing = document(&["one", "two"]);
        let text = format!("[\n{own},{known},{unknown},{nothing},{nothing}]");
        let names = ["lamp", "interface", "fan_speed", "module3", "module4"];
        assert_eq!(split_names(&text), names);
    }

    #[test]
    fn no_name_leads_out_of_the_folder() {
        let text = r#"[{"module":"../../etc/passwd","messages":[]}]"#;
        assert_eq!(split_names(text), ["module0"]);
    }

    #[test]
    fn an_answer_that_is_no_list_of_definitions_is_refused() {
        for (text, problem) in [
            ("", "EOF while parsing"),
            ("{}", "expected a sequence"),
            ("[1]", "document 0 has no messages"),
        ] {
            let error = split(Path::new("/s"), text).unwrap_err().to_string();
            assert!(
                error.starts_with("/s: the answer to get_api_json"),
                "{error}"
            );
            assert!(error.contains(problem), "{error}");
        }
    }
}

//! The answer of `get_api_json`: an array with one document a module.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::{Map, Value};

use super::document::{OfModule, messages};
use super::text::Text;
use super::type_modules;
use crate::Error;
use crate::files::JSON_SUFFIX;
use crate::providers::provider;

/// The texts of an array in the file `path`, and of the modules that VPP leaves out of it.
pub fn texts(path: &Path, text: &[u8]) -> Result<Vec<Text>, Error> {
    let name = path.display().to_string();
    let mut documents = split(text).map_err(|source| Error::Json {
        file: name.clone(),
        source,
    })?;
    type_modules::add(&mut documents);
    let texts = documents.into_iter().map(|OfModule { module, json }| {
        let (name, place) = (
            format!("{name}[{module}]"),
            format!("{module}{JSON_SUFFIX}"),
        );
        Text::new(&module, name, place.into(), json.to_string().into_bytes())
    });
    Ok(texts.collect())
}

/// The documents of an array, by whatever names them: no two have one name.
pub fn split(text: &[u8]) -> Result<Vec<OfModule>, serde_json::Error> {
    // Whoever adds to a document may take it for an object.
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
        OfModule { module, json }
    });
    Ok(documents.collect())
}

/// What a document calls itself, from VPP 26.06 on; before, what its messages tell. The name
/// becomes a file's.
fn name(json: &Value) -> Option<String> {
    if let Some(name) = json["module"].as_str() {
        let is_word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
        return (!name.is_empty() && name.chars().all(is_word)).then(|| name.to_owned());
    }
    known(json).or_else(|| shared(json))
}

/// The module that VPP is known to have most of the messages in.
fn known(json: &Value) -> Option<String> {
    let mut votes = std::collections::BTreeMap::<&str, usize>::new();
    for provider in messages(json).filter_map(|(name, _)| provider(name)) {
        *votes.entry(provider.module).or_default() += 1;
    }
    let known = votes.into_iter().max_by_key(|(_, votes)| *votes);
    known.map(|(module, _)| module.to_owned())
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
}

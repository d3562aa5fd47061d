//! Adds definitions of messages that VPP has but does not define in `get_api_json`.

use std::collections::BTreeMap;

use serde_json::Value;

use super::LiveError;
use vpp_definitions::json_array::{ModuleDocument, messages};
use vpp_definitions::{Input, Options};

/// The messages whose definitions VPP does not return.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Completion {
    /// Messages whose definitions were added, by module.
    pub added: BTreeMap<String, Vec<String>>,
    /// Messages without a matching definition.
    pub undefined: Vec<UndefinedMessage>,
}

/// A message of VPP's table without a definition.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct UndefinedMessage {
    /// Its name.
    pub name: String,
    /// The CRC in VPP.
    pub crc: u32,
    /// The CRC of an available definition that does not match.
    pub other: Option<u32>,
}

/// Adds the messages of `table` that `documents` lack, from `others` and the vendored
/// definitions.
pub fn complete(
    documents: &mut Vec<ModuleDocument>,
    table: &BTreeMap<String, u32>,
    others: &[Input],
) -> Result<Completion, LiveError> {
    let mut missing = table.clone();
    for (name, _) in documents
        .iter()
        .flat_map(|document| messages(&document.json))
    {
        missing.remove(name);
    }
    let mut completion = Completion::default();
    let mut elsewhere: BTreeMap<String, u32> = BTreeMap::new();
    if !missing.is_empty() {
        let vendored = Input::vendored();
        let mut sources = Vec::new();
        for other in others.iter().chain([&vendored]) {
            sources.extend(vpp_definitions::load([other.clone()], &Options::default())?.sources);
        }
        for source in sources.iter().filter(|source| !source.is_import) {
            let json = source.json::<Value>()?;
            elsewhere.extend(messages(&json).map(|(name, crc)| (name.to_owned(), crc)));
            let wanted = messages(&json).filter(|(name, crc)| missing.get(*name) == Some(crc));
            let wanted: Vec<String> = wanted.map(|(name, _)| name.to_owned()).collect();
            if wanted.is_empty() {
                continue;
            }
            missing.retain(|name, _| !wanted.contains(name));
            merge(documents, &source.module, keep_messages(json, &wanted));
            completion
                .added
                .entry(source.module.clone())
                .or_default()
                .extend(wanted);
        }
    }
    completion.undefined = missing
        .into_iter()
        .map(|(name, crc)| UndefinedMessage {
            other: elsewhere.get(&name).copied(),
            name,
            crc,
        })
        .collect();
    Ok(completion)
}

/// Removes the messages that are not wanted, and their services, from a document.
fn keep_messages(mut json: Value, wanted: &[String]) -> Value {
    let is_wanted = |name: &Value| {
        name.as_str()
            .is_some_and(|name| wanted.iter().any(|w| w == name))
    };
    if let Some(messages) = json["messages"].as_array_mut() {
        messages.retain(|message| is_wanted(&message[0]));
    }
    if let Some(services) = json["services"].as_object_mut() {
        services.retain(|caller, service| {
            let named = [&service["reply"], &service["stream_msg"]];
            let events = service["events"].as_array().into_iter().flatten();
            wanted.contains(caller)
                && named
                    .into_iter()
                    .chain(events)
                    .all(|name| name.is_null() || *name == "null" || is_wanted(name))
        });
    }
    json
}

/// Adds a document. If there is one of the same module, merges the definitions into it.
fn merge(documents: &mut Vec<ModuleDocument>, module: &str, json: Value) {
    let known = documents
        .iter_mut()
        .find(|document| document.module == module);
    let Some(known) = known else {
        let module = module.to_owned();
        return documents.push(ModuleDocument { module, json });
    };
    let Value::Object(added) = json else {
        return;
    };
    for (key, added) in added {
        match (&mut known.json[&key], added) {
            (Value::Array(items), Value::Array(added)) => {
                // A definition begins with its name, an import is only a name.
                let name = |item: &Value| item.get(0).unwrap_or(item).clone();
                let is_new = |item: &Value| !items.iter().any(|known| name(known) == name(item));
                let added: Vec<_> = added.into_iter().filter(is_new).collect();
                items.extend(added);
            }
            (Value::Object(map), Value::Object(added)) => {
                for (name, value) in added {
                    map.entry(name).or_insert(value);
                }
            }
            _ => {}
        }
    }
}

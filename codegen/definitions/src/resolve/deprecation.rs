//! Finds the successors of deprecated messages.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::load::Source;
use crate::model::{Api, Message, Successor, successor, version};

/// Sets the successors.
pub fn link(api: &mut Api, sources: &[Source]) {
    let places = places(api);
    for (module, source) in api.modules.iter_mut().zip(sources) {
        let options: BTreeMap<&str, &str> = source
            .file
            .messages
            .iter()
            .filter_map(|message| {
                let replaced_by = message.meta.options.get("replaced_by");
                let replaced_by = replaced_by.and_then(Value::as_str)?;
                Some((message.name.as_str(), replaced_by))
            })
            .collect();
        for message in &mut module.messages {
            let replaced_by = options.get(message.name.as_str()).copied();
            message.successor = of(message, replaced_by, &places);
        }
    }
}

/// The successor of a message that is deprecated or has the option `replaced_by`.
fn of(
    message: &Message,
    replaced_by: Option<&str>,
    places: &BTreeMap<String, (usize, usize)>,
) -> Option<Successor> {
    if message.deprecation.is_none() && replaced_by.is_none() {
        return None;
    }
    let is_newer = |name: &str| {
        let is_named = replaced_by == Some(name) && name != message.name;
        places.contains_key(name) && (is_named || version(name) > version(&message.name))
    };
    let name = successor(&message.name, replaced_by, is_newer);
    // The option may name a message that another release has.
    let name = name.or(replaced_by.map(str::to_owned))?;
    let place = places.get(&name).copied();
    Some(Successor { name, place })
}

/// The index of each message's module, and of the message in the module.
fn places(api: &Api) -> BTreeMap<String, (usize, usize)> {
    let mut places = BTreeMap::new();
    for (module, definition) in api.modules.iter().enumerate() {
        for (place, message) in definition.messages.iter().enumerate() {
            places
                .entry(message.name.clone())
                .or_insert((module, place));
        }
    }
    places
}

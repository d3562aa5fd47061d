//! Modules without messages, which VPP keeps to itself: their types are in the documents of
//! the modules that import them.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::document::OfModule;
use crate::names::stem;

/// One line a module, `place: type type …`, where the place is `core/ip_types`.
const KNOWN: &str = include_str!("type_modules.txt");

/// Where documents have types: lists whose items begin with the name, and `aliases` by name.
const LISTS: [&str; 4] = ["types", "unions", "enums", "enumflags"];

/// Adds the modules that `documents` import and do not have, with the types that VPP is known
/// to define there and those that these use, as the importing documents have them.
pub fn add(documents: &mut Vec<OfModule>) {
    let mut added = Vec::new();
    for (_, module, types) in known() {
        if documents.iter().any(|document| document.module == module) {
            continue;
        }
        let importers = documents.iter().map(|document| &document.json);
        let importers = importers.filter(|json| imports(json).any(|import| stem(import) == module));
        let importers: Vec<&Value> = importers.collect();
        if !importers.is_empty() {
            added.push(OfModule {
                module: module.to_owned(),
                json: made_of(&importers, module, types),
            });
        }
    }
    documents.append(&mut added);
}

/// The folder that VPP installs such a module in.
pub fn folder(module: &str) -> Option<&'static str> {
    let (folder, ..) = known().find(|(_, known, _)| *known == module)?;
    Some(folder)
}

/// Folder, module and types of each.
fn known() -> impl Iterator<Item = (&'static str, &'static str, &'static str)> {
    let lines = KNOWN.lines();
    lines
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| {
            let (place, types) = line.split_once(": ")?;
            let (folder, module) = place.split_once('/')?;
            Some((folder, module, types))
        })
}

fn imports(json: &Value) -> impl Iterator<Item = &str> {
    let imports = json["imports"].as_array().into_iter().flatten();
    imports.filter_map(Value::as_str)
}

/// A document as VPP's own tool writes it: with the types of its imports, and theirs.
fn made_of(importers: &[&Value], module: &str, types: &str) -> Value {
    let mut json = json!({
        "module": module, "types": [], "messages": [], "unions": [], "enums": [],
        "enumflags": [], "services": {}, "options": {}, "aliases": {}, "vl_api_version": "0x0",
        "imports": [], "counters": [], "paths": [],
    });
    let mut waiting: Vec<String> = types.split(' ').map(str::to_owned).collect();
    let mut copied = BTreeSet::new();
    while let Some(name) = waiting.pop() {
        if copied.contains(&name) {
            continue;
        }
        let used = importers
            .iter()
            .find_map(|importer| copy(importer, &name, &mut json));
        if let Some(used) = used {
            waiting.extend(used);
            copied.insert(name);
        }
    }
    let elsewhere = known().filter(|(_, other, _)| *other != module);
    let elsewhere =
        elsewhere.filter(|(.., types)| types.split(' ').any(|name| copied.contains(name)));
    let elsewhere: Vec<Value> = elsewhere
        .filter_map(|(_, other, _)| {
            let mut all = importers.iter().flat_map(|importer| imports(importer));
            all.find(|import| stem(import) == other).map(Value::from)
        })
        .collect();
    json["imports"] = elsewhere.into();
    json
}

/// Copies a type, if `from` has it, and gives the names of those that it uses.
fn copy(from: &Value, name: &str, to: &mut Value) -> Option<Vec<String>> {
    if let Some(alias) = from["aliases"].get(name) {
        to["aliases"][name] = alias.clone();
        return Some(
            alias["type"]
                .as_str()
                .and_then(type_name)
                .into_iter()
                .collect(),
        );
    }
    LISTS.iter().find_map(|list| {
        let mut items = from[list].as_array()?.iter();
        let found = items.find(|item| item[0] == name)?;
        to[list].as_array_mut()?.push(found.clone());
        let fields = found.as_array()?.iter();
        Some(
            fields
                .filter_map(|field| type_name(field[0].as_str()?))
                .collect(),
        )
    })
}

/// `vl_api_address_t` → `address`; none where it is a scalar.
fn type_name(text: &str) -> Option<String> {
    let name = text.strip_prefix("vl_api_")?.strip_suffix("_t")?;
    Some(name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_module_that_is_imported_is_made_of_its_importers() {
        let json = json!({
            "types": [
                ["address", ["vl_api_address_family_t", "af"], ["vl_api_address_union_t", "un"]],
                ["own", ["u32", "x"]],
            ],
            "unions": [["address_union", ["vl_api_ip4_address_t", "ip4"]]],
            "enums": [["address_family", ["ADDRESS_IP4", 0], {"enumtype": "u8"}]],
            "enumflags": [],
            "aliases": {
                "ip4_address": {"type": "u8", "length": 4},
                "interface_index": {"type": "u32"},
            },
            "imports": ["vnet/ip/ip_types.api", "vnet/interface_types.api"],
        });
        let mut documents = vec![OfModule {
            module: "lamp".to_owned(),
            json,
        }];
        add(&mut documents);
        let modules: Vec<_> = documents.iter().map(|document| &*document.module).collect();
        assert_eq!(modules, ["lamp", "interface_types", "ip_types"]);
        let (interface, ip) = (&documents[1].json, &documents[2].json);
        assert_eq!(
            interface["aliases"],
            json!({"interface_index": {"type": "u32"}})
        );
        assert_eq!(ip["types"].as_array().unwrap().len(), 1);
        assert_eq!(ip["enums"][0][0], "address_family");
        assert_eq!(
            ip["aliases"],
            json!({"ip4_address": {"type": "u8", "length": 4}})
        );
        assert_eq!(ip["imports"], json!([]));
    }
}

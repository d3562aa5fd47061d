//! Modules without messages, which `get_api_json` leaves out. Their types are in the documents
//! of the modules that import them.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::document::ModuleDocument;
use crate::names::{defined_type, vpp_module};

/// One line per module: `path: type type …`, where the path is `core/ip_types`.
const KNOWN: &str = include_str!("type_modules.txt");

/// The keys of types in a document: lists whose items begin with the name. `aliases` is an
/// object.
const LISTS: [&str; 4] = ["types", "unions", "enums", "enumflags"];

/// Adds the modules without messages that `documents` import.
///
/// Each gets the types that VPP is known to define in it and all types that they use. These
/// are copied from the importing documents.
pub fn add_type_modules(documents: &mut Vec<ModuleDocument>) {
    let mut added = Vec::new();
    for (_, module, types) in known() {
        if documents.iter().any(|document| document.module == module) {
            continue;
        }
        let importers = documents.iter().map(|document| &document.json);
        let importers =
            importers.filter(|json| imports(json).any(|import| vpp_module(import) == module));
        let importers: Vec<&Value> = importers.collect();
        if !importers.is_empty() {
            added.push(ModuleDocument {
                module: module.to_owned(),
                json: assemble(&importers, module, types),
            });
        }
    }
    documents.append(&mut added);
}

/// The folder that VPP installs a module without messages in: `core` or `plugins`.
#[must_use]
pub fn type_module_folder(module: &str) -> Option<&'static str> {
    let (folder, ..) = known().find(|(_, known, _)| *known == module)?;
    Some(folder)
}

/// The folder, name and types of each known module.
fn known() -> impl Iterator<Item = (&'static str, &'static str, &'static str)> {
    let lines = KNOWN.lines();
    lines
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| {
            let (path, types) = line.split_once(": ")?;
            let (folder, module) = path.split_once('/')?;
            Some((folder, module, types))
        })
}

fn imports(json: &Value) -> impl Iterator<Item = &str> {
    let imports = json["imports"].as_array().into_iter().flatten();
    imports.filter_map(Value::as_str)
}

/// Assembles a document as VPP's own tool writes it: with the types of direct and indirect
/// imports.
fn assemble(importers: &[&Value], module: &str, types: &str) -> Value {
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
            all.find(|import| vpp_module(import) == other)
                .map(Value::from)
        })
        .collect();
    json["imports"] = elsewhere.into();
    json
}

/// Copies a type if `from` has it, and returns the names of the types that it uses.
fn copy(from: &Value, name: &str, to: &mut Value) -> Option<Vec<String>> {
    if let Some(alias) = from["aliases"].get(name) {
        to["aliases"][name] = alias.clone();
        return Some(
            alias["type"]
                .as_str()
                .and_then(|name| defined_type(name).map(str::to_owned))
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
                .filter_map(|field| defined_type(field[0].as_str()?).map(str::to_owned))
                .collect(),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn imported_module_is_assembled_from_its_importers() {
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
        let mut documents = vec![ModuleDocument {
            module: "lamp".to_owned(),
            json,
        }];
        add_type_modules(&mut documents);
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

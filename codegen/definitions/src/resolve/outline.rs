//! The modules, messages and types of all files, before their fields are resolved.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::load::Source;
use crate::model::Found;
use crate::names;
use crate::schema;

/// All modules and the types that each of them owns.
#[derive(Default)]
pub struct Outline<'a> {
    pub modules: Vec<ModuleOutline<'a>>,
    /// All types, in the order of the files.
    pub types: Vec<TypeOutline<'a>>,
}

pub struct ModuleOutline<'a> {
    pub name: String,
    pub rust: String,
    /// The file, for errors.
    pub file: String,
    pub version: Option<String>,
    pub imports: BTreeSet<String>,
    /// Whether it was loaded only because another module imports it.
    pub is_import: bool,
    pub messages: Vec<MessageOutline<'a>>,
    /// The indices of its types in [`Outline::types`].
    pub types: Vec<usize>,
}

pub struct MessageOutline<'a> {
    pub definition: &'a schema::Definition,
    pub rust: String,
}

pub struct TypeOutline<'a> {
    pub name: &'a str,
    pub rust: String,
    /// The index of the module that owns it.
    pub module: usize,
    /// The file with the definition, for errors.
    pub file: &'a str,
    pub found: Found<'a>,
}

/// Creates the module of a file. `imports` adds the types that it owns.
pub fn module(source: &Source) -> ModuleOutline<'_> {
    let file = &source.file;
    let version = file.options.get("version").and_then(Value::as_str);
    ModuleOutline {
        name: source.module.clone(),
        rust: names::snake_name(&source.module),
        file: source.name.clone(),
        version: version.map(str::to_owned),
        imports: file
            .imports
            .iter()
            .map(|path| names::module(path))
            .collect(),
        is_import: source.is_import,
        messages: messages(file),
        types: Vec::new(),
    }
}

/// The messages of a file. The language allows repeated messages. Equal ones are dropped.
fn messages(file: &schema::File) -> Vec<MessageOutline<'_>> {
    let mut seen = BTreeMap::new();
    let new = file.messages.iter().filter(|definition| {
        let known = seen.insert(&definition.name, *definition);
        known.is_none_or(|known| known != *definition)
    });
    let outline = |definition| MessageOutline {
        definition,
        rust: names::type_name(&definition.name),
    };
    new.map(outline).collect()
}

impl Outline<'_> {
    /// Makes Rust names unique: of modules, and within a module of messages, then of types.
    pub fn make_names_unique(&mut self) {
        let mut modules = names::Taken::default();
        for module in &mut self.modules {
            module.rust = modules.unique(std::mem::take(&mut module.rust));
            let mut taken = names::Taken::default();
            for message in &mut module.messages {
                message.rust = taken.unique(std::mem::take(&mut message.rust));
            }
            for ty in &module.types {
                let rust = &mut self.types[*ty].rust;
                *rust = taken.unique(std::mem::take(rust));
            }
        }
    }

    /// The names of all modules, for errors.
    pub fn module_names(&self) -> String {
        let names: Vec<_> = self.modules.iter().map(|m| m.name.as_str()).collect();
        names.join(", ")
    }
}

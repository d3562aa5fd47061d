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
    /// In the order in which the files have them.
    pub types: Vec<TypeOutline<'a>>,
}

pub struct ModuleOutline<'a> {
    pub name: String,
    pub rust: String,
    /// The file, for errors.
    pub file: String,
    pub version: Option<String>,
    pub imports: BTreeSet<String>,
    /// Whether another module's import is the only reason that it is present.
    pub is_import: bool,
    pub messages: Vec<MessageOutline<'a>>,
    /// Places in [`Outline::types`].
    pub types: Vec<usize>,
}

pub struct MessageOutline<'a> {
    pub definition: &'a schema::Definition,
    pub rust: String,
}

pub struct TypeOutline<'a> {
    pub name: &'a str,
    pub rust: String,
    /// The place of the module that owns it.
    pub module: usize,
    /// The file with the definition, for errors.
    pub file: &'a str,
    pub found: Found<'a>,
}

/// The module of a file. `imports` adds the types that it owns.
pub fn module(source: &Source) -> ModuleOutline<'_> {
    let file = &source.file;
    let version = file.options.get("version").and_then(Value::as_str);
    ModuleOutline {
        name: source.module.clone(),
        rust: names::snake_name(&source.module),
        file: source.name.clone(),
        version: version.map(str::to_owned),
        imports: file.imports.iter().map(|path| names::stem(path)).collect(),
        is_import: source.is_import,
        messages: messages(file),
        types: Vec::new(),
    }
}

/// The language allows a message to be repeated. Equal repetitions are dropped.
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
        let mut modules = BTreeSet::new();
        for module in &mut self.modules {
            module.rust = names::unique(std::mem::take(&mut module.rust), &mut modules);
            let mut taken = BTreeSet::new();
            for message in &mut module.messages {
                message.rust = names::unique(std::mem::take(&mut message.rust), &mut taken);
            }
            for ty in &module.types {
                let rust = &mut self.types[*ty].rust;
                *rust = names::unique(std::mem::take(rust), &mut taken);
            }
        }
    }

    /// The names of all modules, for errors.
    pub fn module_names(&self) -> String {
        let names: Vec<_> = self.modules.iter().map(|m| m.name.as_str()).collect();
        names.join(", ")
    }
}

//! Modules that are not inputs but that `.api` files import.

use std::collections::{BTreeMap, BTreeSet};

use super::source::Source;
use crate::schema::{Definition, EnumDefinition, File};

/// Adds every module that a source imports and that is not a source itself, with the types that
/// the source uses.
pub fn add(sources: &mut Vec<Source>) {
    let mut known: BTreeSet<String> = sources.iter().map(|one| one.module.clone()).collect();
    let mut imported = Vec::new();
    for source in sources.iter() {
        let modules: BTreeSet<&String> = source.origins.values().collect();
        for module in modules {
            if known.insert(module.clone()) {
                imported.push(used_part(source, module));
            }
        }
    }
    sources.append(&mut imported);
}

fn used_part(source: &Source, module: &str) -> Source {
    let is_of = |name: &str| source.origins.get(name).is_some_and(|of| of == module);
    let blocks = |all: &[Definition]| {
        let all = all.iter().filter(|one| is_of(&one.name));
        all.cloned().collect::<Vec<_>>()
    };
    let enums = |all: &[EnumDefinition]| {
        let all = all.iter().filter(|one| is_of(&one.name));
        all.cloned().collect::<Vec<_>>()
    };
    let file = &source.file;
    let aliases = file.aliases.iter().filter(|(name, _)| is_of(name));
    Source {
        module: module.to_owned(),
        name: source.name.clone(),
        file: File {
            types: blocks(&file.types),
            unions: blocks(&file.unions),
            enums: enums(&file.enums),
            enumflags: enums(&file.enumflags),
            aliases: aliases
                .map(|(name, of)| (name.clone(), of.clone()))
                .collect(),
            ..File::default()
        },
        path: source.path.clone(),
        json: Vec::new(),
        marks: None,
        origins: BTreeMap::new(),
        is_import: true,
    }
}

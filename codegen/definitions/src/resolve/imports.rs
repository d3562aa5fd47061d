//! Finds the module that owns each type.
//!
//! A file repeats every type that it imports. A file owns a type if it contains the type and
//! its imports do not.

use std::collections::{BTreeMap, BTreeSet};

use super::outline::{self, ModuleOutline, Outline, TypeOutline};
use crate::Error;
use crate::load::Source;
use crate::model::Found;
use crate::names;

/// The types of a file by name. Of two equal ones in one file, the first is used.
fn types_of(source: &Source) -> Result<Vec<(&str, Found<'_>)>, Error> {
    let mut first = BTreeMap::new();
    let mut types = Vec::new();
    for (name, found) in Found::of(&source.file) {
        match first.get(name) {
            None => {
                first.insert(name, found);
                types.push((name, found));
            }
            Some(known) if found.agrees(*known) => {}
            Some(_) => {
                return Err(Error::ConflictingType {
                    file: source.name.clone(),
                    name: name.to_owned(),
                    other: source.name.clone(),
                });
            }
        }
    }
    Ok(types)
}

/// The modules of all files, each with the types that it owns.
///
/// # Errors
/// Two definitions of one type that differ.
pub fn outline(sources: &[Source]) -> Result<Outline<'_>, Error> {
    let mut holders: BTreeMap<&str, Vec<(usize, Found<'_>)>> = BTreeMap::new();
    let mut order = Vec::new();
    for (module, source) in sources.iter().enumerate() {
        for (name, found) in types_of(source)? {
            let of_name = holders.entry(name).or_default();
            if of_name.is_empty() {
                order.push(name);
            }
            of_name.push((module, found));
        }
    }
    let mut outline = Outline {
        modules: sources.iter().map(outline::module).collect(),
        types: Vec::new(),
    };
    for name in order {
        let of_name = &holders[name];
        let module = owner(&mut outline.modules, sources.len(), of_name);
        let Some((origin, found)) = of_name
            .iter()
            .find(|(holder, _)| *holder == module)
            .or(of_name.first())
        else {
            continue;
        };
        if let Some((other, _)) = of_name.iter().find(|(_, other)| !other.agrees(*found)) {
            return Err(Error::ConflictingType {
                file: sources[*other].name.clone(),
                name: name.to_owned(),
                other: sources[*origin].name.clone(),
            });
        }
        outline.modules[module].types.push(outline.types.len());
        outline.types.push(TypeOutline {
            name,
            rust: names::type_name(name),
            module,
            file: &sources[*origin].name,
            found: *found,
        });
    }
    outline.make_names_unique();
    Ok(outline)
}

/// The module that owns a type. If all holders import the type and no file defines it, a new
/// module owns it. New modules follow the `given` ones.
fn owner(
    modules: &mut Vec<ModuleOutline<'_>>,
    given: usize,
    holders: &[(usize, Found<'_>)],
) -> usize {
    let held: BTreeSet<&str> = holders
        .iter()
        .map(|(module, _)| modules[*module].name.as_str())
        .collect();
    let roots: Vec<usize> = holders
        .iter()
        .map(|(module, _)| *module)
        .filter(|module| {
            let mut imports = modules[*module].imports.iter();
            !imports.any(|import| held.contains(import.as_str()))
        })
        .collect();
    match roots.as_slice() {
        [] => holders.first().map_or(0, |(module, _)| *module),
        [one] => *one,
        [first, ..] => match absent_import(&modules[..given], &roots, holders) {
            Some(name) => {
                let mut made = modules.iter().skip(given);
                if let Some(at) = made.position(|module| module.name == name) {
                    return given + at;
                }
                modules.push(ModuleOutline {
                    rust: names::snake_name(&name),
                    file: modules[*first].file.clone(),
                    name,
                    version: None,
                    imports: BTreeSet::new(),
                    is_import: false,
                    messages: Vec::new(),
                    types: Vec::new(),
                });
                modules.len() - 1
            }
            // Two files have equal definitions: the one that more files import owns the type.
            None => roots
                .iter()
                .copied()
                .max_by_key(|root| {
                    let name = &modules[*root].name;
                    let importers = modules.iter().filter(|m| m.imports.contains(name));
                    (importers.count(), std::cmp::Reverse(*root))
                })
                .unwrap_or(*first),
        },
    }
}

/// Finds the module that `get_api_json` omitted because it has no messages. All files that
/// import this module contain the type.
fn absent_import(
    modules: &[ModuleOutline<'_>],
    roots: &[usize],
    holders: &[(usize, Found<'_>)],
) -> Option<String> {
    let (first, rest) = roots.split_first()?;
    let shared = modules[*first].imports.iter().filter(|import| {
        rest.iter()
            .all(|root| modules[*root].imports.contains(*import))
    });
    let mut absent = shared.filter(|import| {
        let present = modules.iter().any(|module| module.name == **import);
        let importers = modules
            .iter()
            .enumerate()
            .filter(|(_, m)| m.imports.contains(*import));
        !present
            && importers
                .map(|(at, _)| at)
                .all(|at| holders.iter().any(|(module, _)| *module == at))
    });
    absent.next().cloned()
}

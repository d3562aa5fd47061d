//! Which module owns which type.
//!
//! A file repeats every type that it imports. A type belongs to the file that has it
//! while none of that file's own imports has it.

use std::collections::{BTreeMap, BTreeSet};

use crate::Error;
use crate::load::Source;
use crate::model::{Api, Found, Module, TypeId};
use crate::names;

/// The types of a file by name; of two in one file the first counts.
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

/// The model's types, each in its own module, and their ids by name.
pub fn own(
    sources: &[Source],
    modules: Vec<Module>,
) -> Result<(Api, BTreeMap<String, TypeId>), Error> {
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
    let mut api = Api {
        modules,
        types: Vec::new(),
    };
    let mut names = BTreeMap::new();
    for name in order {
        let of_name = &holders[name];
        let owner = owner(&mut api.modules, sources.len(), of_name);
        let Some((origin, found)) = of_name
            .iter()
            .find(|(module, _)| *module == owner)
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
        let type_def = found
            .type_def(name, owner)
            .map_err(|problem| Error::at(&sources[*origin].name, name, None, problem))?;
        let id = api.types.len();
        api.types.push(type_def);
        api.modules[owner].types.push(id);
        names.insert(name.to_owned(), id);
    }
    Ok((api, names))
}

/// The module that a type belongs to; made where it is imported by all and not there, behind
/// the `given` ones.
fn owner(modules: &mut Vec<Module>, given: usize, holders: &[(usize, Found<'_>)]) -> usize {
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
                modules.push(Module {
                    rust: names::snake_name(&name),
                    file: modules[*first].file.clone(),
                    name,
                    version: None,
                    imports: BTreeSet::new(),
                    types: Vec::new(),
                    messages: Vec::new(),
                    extern_path: None,
                    emitted: true,
                });
                modules.len() - 1
            }
            // Two files define it alike: it goes to the one that more files import.
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

/// What `get_api_json` leaves out: a module without messages. It is known by being
/// imported by the files that hold the type, and by no others. One made before serves again.
fn absent_import(
    modules: &[Module],
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

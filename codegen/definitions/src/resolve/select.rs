//! Which modules are generated: those asked for, and those whose types they use.

use std::collections::BTreeSet;

use super::options::Options;
use crate::Error;
use crate::model::{Api, Type};

/// Marks the modules that were asked for; where none was, all but those that are only imported.
pub fn mark(api: &mut Api, options: &Options) -> Result<(), Error> {
    for wanted in options.modules.iter().flatten() {
        if !api.modules.iter().any(|module| module.name == *wanted) {
            let known: Vec<_> = api.modules.iter().map(|m| m.name.as_str()).collect();
            return Err(Error::UnknownModule {
                module: wanted.clone(),
                known: known.join(", "),
            });
        }
    }
    for name in options.extern_modules.keys() {
        if !api.modules.iter().any(|module| module.name == *name) {
            let known: Vec<_> = api.modules.iter().map(|m| m.name.as_str()).collect();
            return Err(Error::UnknownExtern {
                module: name.clone(),
                known: known.join(", "),
            });
        }
    }
    for module in &mut api.modules {
        module.extern_path = options.extern_modules.get(&module.name).cloned();
        if options.modules.is_some() || options.optional_modules.is_some() {
            let mut wanted = [&options.modules, &options.optional_modules]
                .into_iter()
                .flatten()
                .flatten();
            module.emitted = wanted.any(|wanted| *wanted == module.name);
        }
        module.emitted &= module.extern_path.is_none();
    }
    Ok(())
}

/// Adds the modules whose types the marked ones use; an extern one and what it uses in turn
/// are there already.
pub fn add_needed(api: &mut Api) {
    let mut waiting: Vec<usize> = (0..api.modules.len())
        .filter(|module| api.modules[*module].emitted)
        .collect();
    while let Some(module) = waiting.pop() {
        for used in used_modules(api, module) {
            let used_module = &mut api.modules[used];
            if !used_module.emitted && used_module.extern_path.is_none() {
                used_module.emitted = true;
                waiting.push(used);
            }
        }
    }
}

/// The modules that own the types of a module's fields.
fn used_modules(api: &Api, module: usize) -> BTreeSet<usize> {
    let module = &api.modules[module];
    let of_types = module.types.iter().flat_map(|id| api.types[*id].fields());
    let of_messages = module.messages.iter().flat_map(|message| &message.fields);
    of_types
        .chain(of_messages)
        .filter_map(|field| match field.ty {
            Type::Named(id) => Some(api.types[id].module),
            _ => None,
        })
        .collect()
}

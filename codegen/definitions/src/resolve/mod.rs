//! Builds the complete model from the definitions.

mod defaults;
mod deprecation;
mod derives;
mod fields;
mod fingerprints;
mod headers;
mod imports;
mod messages;
mod options;
mod outline;
mod scope;
mod select;
mod services;
mod tags;
mod types;

pub use options::Options;

use crate::Error;
use crate::error::Problem;
use crate::load::Source;
use crate::model::{Api, Module};
use crate::names;

/// Builds the model.
///
/// 1. `imports`: finds the modules, and the types that each owns, with their Rust names
/// 2. `types`: completes each type after the types of its fields
/// 3. `messages`: completes the messages; `headers` finds `client_index` and `context`
/// 4. `services`: relates requests, replies, details and events
/// 5. `deprecation`: finds the successors of deprecated messages
/// 6. `select`: selects what is generated
///
/// Steps 2 and 3 use `fields`, `defaults`, `derives`, `tags` and `fingerprints`.
pub fn resolve(sources: &[Source], options: &Options) -> Result<Api, Error> {
    let outline = imports::outline(sources)?;
    select::check(&outline, options)?;
    let mut types = types::Types::complete(&outline, &options.docs)?;
    let mut modules = Vec::new();
    for module in &outline.modules {
        modules.push(Module {
            name: module.name.clone(),
            rust: module.rust.clone(),
            file: module.file.clone(),
            version: module.version.clone(),
            types: types.of_module(module),
            messages: messages::complete(&mut types, module)?,
            extern_path: options.extern_modules.get(&module.name).cloned(),
            emitted: !module.is_import,
        });
    }
    let mut api = Api {
        modules,
        types: types.into_all(),
    };
    services::relate(&mut api, sources)?;
    deprecation::link(&mut api, sources);
    select::mark(&mut api, options)?;
    Ok(api)
}

/// Checks that module names are Rust identifiers. Only generated code needs this.
///
/// # Errors
/// A module whose name is not an identifier.
pub fn check_modules(api: &Api) -> Result<(), Error> {
    let named = |module: &&Module| !names::is_identifier(&module.name);
    match api.modules.iter().find(named) {
        Some(module) => {
            let problem = Problem::Name(module.name.clone());
            Err(Error::at(&module.file, "module", None, problem))
        }
        None => Ok(()),
    }
}

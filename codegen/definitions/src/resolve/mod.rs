//! From definitions to a complete model, one pass a file.

mod defaults;
mod derives;
mod headers;
mod imports;
mod lengths;
mod messages;
mod options;
mod select;
mod services;
mod shapes;
mod types;

pub use options::Options;

use crate::Error;
use crate::error::Problem;
use crate::load::Source;
use crate::model::{self, Api, Module};
use crate::names;

/// Runs all passes.
///
/// 1. imports: which module owns which type
/// 2. select: which modules are generated
/// 3. types: every type name becomes the type
/// 4. lengths: counts and sizes
/// 5. shapes: a number for what each type is
/// 6. messages: CRCs; names that differ within a module
/// 7. headers: where `client_index` and `context` stand
/// 8. services: what answers what
/// 9. defaults: as values of their fields
/// 10. derives: what the Rust types can derive
pub fn resolve(sources: &[Source], options: &Options) -> Result<Api, Error> {
    let modules = sources.iter().map(model::module).collect();
    let (mut api, names) = imports::own(sources, modules)?;
    select::mark(&mut api, options)?;
    types::look_up(&mut api, &names)?;
    select::add_needed(&mut api);
    lengths::measure(&mut api)?;
    shapes::sum(&mut api);
    messages::check(&mut api)?;
    headers::strip(&mut api);
    services::classify(&mut api, sources)?;
    defaults::read(&mut api);
    derives::decide(&mut api);
    Ok(api)
}

/// Checks that modules can be named in Rust, which only generated code needs.
///
/// # Errors
/// The file of a module whose name is not an identifier.
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

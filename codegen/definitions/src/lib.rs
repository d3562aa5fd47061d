//! VPP's API definitions, from where they are to one complete model.
//!
//! [`load`] reads `.api.json` files, arrays of `get_api_json` and folders, compiles `.api`
//! files, and resolves types, sizes, headers and services:
//!
//! ```no_run
//! # fn main() -> Result<(), vpp_definitions::Error> {
//! let model = vpp_definitions::load(["/usr/share/vpp/api"], &Default::default())?;
//! for module in &model.api.modules {
//!     println!("{}: {} messages", module.name, module.messages.len());
//! }
//! # Ok(())
//! # }
//! ```
//!
//! [`Compiler`] compiles `.api` files to the JSON that VPP's own tool writes, [`crcs`]
//! recomputes CRCs. `vpp-codegen` generates Rust from the model, `vpp-dynamic` encodes and
//! decodes with it, and `vpp-api-tools` compares and lists it.

mod compile;
mod crc;
mod crc_report;
mod docs;
mod error;
mod files;
mod input;
mod load;
pub mod model;
pub mod names;
pub mod output;
mod parallel;
mod path;
pub mod progress;
mod providers;
mod resolve;
pub mod schema;

use std::path::PathBuf;

pub use compile::{Assumed, Compiled, Compiler, Diagnostic, Diagnostics, Release, Rule};
pub use crc_report::{CrcReport, Mismatch, Unmarked, crcs};
pub use error::{Error, Problem};
pub use input::{Document, Documents, Input, all as inputs};
pub use load::Source;
pub use path::RustPath;
pub use providers::{Provider, provider};
pub use resolve::Options as Selection;

/// How [`load`] reads and resolves.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// How `.api` files are compiled.
    pub compiler: Compiler,
    /// Which modules are generated.
    pub selection: Selection,
}

/// Definitions with everything known about them.
#[derive(Debug)]
#[non_exhaustive]
pub struct Model {
    /// Each module as its file has it. The first modules of `api` are these, in this order.
    pub sources: Vec<Source>,
    /// The resolved modules and types.
    pub api: model::Api,
    /// The `.api` files that were compiled, and those that they import; sorted.
    pub files: Vec<PathBuf>,
    /// What CRCs assume about imports that are JSON, as [`Compiled::assumed`].
    pub assumed: Vec<Assumed>,
}

/// Reads the definitions of `inputs`: find and compile, parse, model, resolve.
///
/// # Errors
/// An input that cannot be read or parsed, and definitions that do not resolve. The error
/// names file, message and field.
pub fn load(
    inputs: impl IntoIterator<Item: Into<Input>>,
    options: &Options,
) -> Result<Model, Error> {
    let sources = load::read(&input::all(inputs), &options.compiler)?;
    let api = resolve::resolve(&sources.modules, &options.selection)?;
    Ok(Model {
        sources: sources.modules,
        api,
        files: sources.files,
        assumed: sources.assumed,
    })
}

/// For the other crates of this family.
#[doc(hidden)]
pub mod internal {
    pub use crate::load::{OfModule, add_type_modules, folder_of_type_module, messages, split};
    pub use crate::parallel::map;
    pub use crate::providers::of_module;
    pub use crate::resolve::check_modules;
}

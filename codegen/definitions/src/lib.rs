#![doc = include_str!("../README.md")]

mod compile;
mod crc;
mod crc_report;
mod docs;
mod error;
mod files;
mod input;
pub mod json_array;
mod load;
pub mod model;
pub mod names;
mod near;
pub mod output;
mod overlay;
pub mod parallel;
mod path;
pub mod progress;
mod providers;
mod resolve;
pub mod schema;

use std::path::PathBuf;

pub use compile::{AssumedCrc, CompiledFile, Compiler, Diagnostic, Diagnostics, Release, Rule};
pub use crc_report::{CrcReport, Mismatch, UnmarkedMessage, crcs};
pub use error::{Error, Problem};
pub use input::{Document, Documents, Input, all as inputs};
pub use load::Source;
pub use overlay::{BadDocs, Docs};
pub use path::RustPath;
pub use providers::{Provider, module_provider, provider};
pub use resolve::{Options as Selection, check_modules};

/// Options of [`load`].
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The compiler of `.api` files.
    pub compiler: Compiler,
    /// The modules to generate.
    pub selection: Selection,
}

/// Resolved definitions and their sources.
#[derive(Debug)]
#[non_exhaustive]
pub struct Model {
    /// The parsed files. The first modules of `api` are the same modules in the same order.
    pub sources: Vec<Source>,
    /// The resolved modules and types.
    pub api: model::Api,
    /// The `.api` files that were compiled, and those that they import; sorted.
    pub files: Vec<PathBuf>,
    /// What CRCs assume about imports that are JSON; see [`CompiledFile::assumed`].
    pub assumed: Vec<AssumedCrc>,
}

/// Reads the definitions of `inputs`: finds and compiles files, parses and resolves them.
///
/// # Errors
/// An input cannot be read or parsed, or the definitions do not resolve. The error names the
/// file, message and field.
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

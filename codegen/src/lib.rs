//! Rust bindings from VPP's API definitions.
//!
//! A build script names the folder and gets one module per API file:
//!
//! ```no_run
//! fn main() -> Result<(), vpp_codegen::Error> {
//!     vpp_codegen::Builder::new("/usr/share/vpp/api")
//!         .modules(["memif", "interface"])
//!         .generate_in_out_dir()
//! }
//! ```
//!
//! and the crate takes them in with
//! `include!(concat!(env!("OUT_DIR"), "/mod.rs"));`. The generated code needs `vpp-wire`
//! and nothing else.
//!
//! Inside, one function is the whole of it: parse, model, resolve, emit.

mod builder;
#[cfg(feature = "live")]
pub mod check;
mod compile;
mod crc;
mod definitions;
#[cfg(feature = "diff")]
mod diff;
mod docs;
#[cfg(feature = "dynamic")]
mod dynamic;
mod emit;
mod error;
mod imported;
mod input;
mod list;
#[cfg(feature = "live")]
pub mod live;
mod model;
mod names;
mod output;
mod parallel;
mod path;
mod progress;
mod resolve;
mod schema;
mod vendor;
mod walk;

pub use builder::Builder;
pub use compile::{Assumed, Compiled, Compiler, Diagnostic, Diagnostics, Release, Rule};
pub use crc::{CrcReport, Mismatch, Unmarked, crcs};
pub use definitions::{Definitions, Document, Documents};
#[cfg(feature = "diff")]
pub use diff::{
    Change, DiffError, DiffOptions, Kind, Modules, Numbers, Reason, Report, State, Style, Summary,
    What, diff,
};
#[cfg(feature = "dynamic")]
pub use dynamic::{Codec, CodecError, Fault, Header, Place};
pub use emit::Generated;
pub use error::{Error, Problem};
pub use list::{Line, list};
pub use output::write_files;
pub use progress::{Progress, Stage, observe};
pub use vendor::vendor;

/// Turns definitions into source text, one file a module and a `mod.rs`.
fn generate(
    inputs: &[Definitions],
    compiler: &Compiler,
    resolve: &resolve::Options,
    emit: &emit::Options,
) -> Result<Vec<Generated>, Error> {
    let sources = imported::with_imported(input::load_with(inputs, compiler)?);
    let modules = sources.iter().map(model::module).collect();
    let api = resolve::resolve(&sources, modules, resolve)?;
    resolve::check_modules(&api)?;
    emit::emit(&api, emit)
}

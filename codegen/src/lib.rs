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
//! and the crate includes them with
//! `include!(concat!(env!("OUT_DIR"), "/mod.rs"));`. The generated code needs `vpp-wire`
//! and nothing else.
//!
//! [`Builder::generate`] is the pipeline: `vpp_definitions::load` parses, models and resolves,
//! and `emit` prints the model.

mod builder;
mod emit;
mod names;

use vpp_definitions::model;

pub use builder::Builder;
pub use vpp_definitions::output::Generated;
pub use vpp_definitions::{Assumed, Document, Documents, Error, Input, Release};

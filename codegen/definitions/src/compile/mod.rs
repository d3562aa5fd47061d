//! A compiler of VPP's API language: `.api` files to the JSON that VPP's own tool writes.
//!
//! The stages of a file are: read it and its imports (`parsed`, `include`), parse (`syntax`;
//! `installed` for imports that are JSON), check and compute CRCs (`check`; `evidence` for the
//! marks that JSON lacks), write (`emit`). `rule` lists the rules of the language.

mod check;
mod compiler;
mod diagnostic;
mod emit;
mod evidence;
mod include;
mod installed;
mod number;
mod options;
mod parsed;
mod rule;
mod source;
mod syntax;

pub use check::AssumedCrc;
pub use compiler::{CompiledFile, Compiler};
pub use diagnostic::{Diagnostic, Diagnostics};
pub use options::Release;
pub use rule::Rule;

//! VPP's API language, natively: `.api` files to the JSON that VPP's own tool makes of them.
//!
//! The stages of a file: read it and what it imports (`files`, `include`), parse (`syntax`;
//! `installed` for imports that are JSON), check and compute CRCs (`check`; `evidence` for
//! what JSON does not say), write (`emit`). Which rules there are is in `rule`.

mod check;
mod compiler;
mod diagnostic;
mod emit;
mod evidence;
mod files;
mod find;
mod include;
mod installed;
mod number;
mod options;
mod release;
mod rule;
mod source;
mod syntax;

pub use check::Assumed;
pub use compiler::{Compiled, Compiler};
pub use diagnostic::{Diagnostic, Diagnostics};
pub use find::{find, is_api_file};
pub use release::Release;
pub use rule::Rule;

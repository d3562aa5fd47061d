//! VPP's API language, natively: `.api` files to the JSON that VPP's own tool makes of them.
//!
//! The stages of a file: read it and what it imports (`files`, `include`), parse (`syntax`),
//! check and compute CRCs (`check`), write (`emit`). Which rules there are is in `rule`.

mod check;
mod compiler;
mod diagnostic;
mod emit;
mod files;
mod find;
mod include;
mod number;
mod release;
mod rule;
mod source;
mod syntax;

pub use compiler::{Compiled, Compiler};
pub use diagnostic::{Diagnostic, Diagnostics};
pub use find::{find, is_api_file};
pub use release::Release;
pub use rule::Rule;

use compiler::Options;

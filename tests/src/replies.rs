//! Lists the reply types of generated code, because a registry does not tell replies apart.

use std::fmt::Write;

use vpp_codegen::Generated;

/// Returns the Rust source of `REPLIES`: [`check`](crate::retval::check) for every reply type.
/// `modules` pairs generated files with the path of the module that contains them.
#[must_use]
pub fn table(modules: &[(String, Vec<Generated>)]) -> String {
    let mut checks = String::new();
    for (path, files) in modules {
        for file in files {
            let module = file.name.trim_end_matches(".rs");
            for line in file.text.lines() {
                let Some(rest) = line.strip_prefix("impl Reply for ") else {
                    continue;
                };
                let name = rest.split(' ').next().unwrap_or_default();
                // Writing to a String is infallible.
                let _ = writeln!(checks, "    check::<{path}::{module}::{name}>,");
            }
        }
    }
    format!(
        "/// A check of every reply type.\n\
         #[allow(deprecated)]\n\
         pub const REPLIES: &[fn() -> Result<(), String>] = &[\n{checks}];\n"
    )
}

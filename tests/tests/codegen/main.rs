//! The generator: its code, its errors and its output folder.

#![cfg(test)]

mod bad_input;
mod constructs;
mod docs;
mod messages;
mod output;
mod real_modules;

use std::path::{Path, PathBuf};

use vpp_codegen::Builder;

fn inputs(kind: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("inputs")
        .join(kind)
}

/// The text of all generated files.
fn generated(builder: &Builder) -> String {
    let files = builder.generate().unwrap();
    files
        .iter()
        .map(|file| format!("// {}\n{}\n", file.name, file.text))
        .collect()
}

//! The compiler of VPP's API language: its JSON, its errors, its CRCs and its behaviour.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "clippy does not count helpers of tests as tests"
)]

mod bad;
mod behaviour;
mod builder;
mod crcs;
mod good;
mod installed;
mod written;

use std::path::{Path, PathBuf};

use vpp_codegen::Error;
use vpp_definitions::{Compiler, Diagnostic};

fn inputs(kind: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("inputs/api")
        .join(kind)
}

/// A folder with one file.
fn folder(name: &str, text: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join(name), text).unwrap();
    folder
}

/// The JSON of a file with this text.
fn json(compiler: &Compiler, text: &str) -> serde_json::Value {
    let folder = folder("text.api", text);
    let compiled = compiler.compile([folder.path()]).unwrap();
    serde_json::from_str(&compiled[0].json).unwrap()
}

/// The errors of `path`.
fn faults(path: &Path) -> Vec<Diagnostic> {
    match Compiler::new().include(inputs("bad")).compile([path]) {
        Err(Error::Api(faults)) => faults.iter().cloned().collect(),
        Err(other) => panic!("{}: {other}", path.display()),
        Ok(_) => panic!("{} compiles", path.display()),
    }
}

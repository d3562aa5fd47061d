//! The commands `vpp-bindgen trace`, `trace-diff`, `trace-replay` and `trace-to-sim`.

#![allow(clippy::unwrap_used, reason = "these are tests")]

mod diff;
mod print;
mod recorded;
mod replay;
mod sim;

use std::process::Output;

use vpp_tests::program::vpp_bindgen;

/// The trace of a real VPP 26.06.
const TRACE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/inputs/trace/vpp-26.06.trace");

fn run(arguments: &[&str]) -> Output {
    vpp_bindgen(arguments, "").unwrap()
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

/// Writes a file into a new folder and returns both.
fn file(bytes: &[u8]) -> (tempfile::TempDir, String) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("trace");
    std::fs::write(&path, bytes).unwrap();
    let path = path.to_str().unwrap().to_owned();
    (folder, path)
}

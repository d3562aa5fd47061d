//! Tests over every module and message of whole releases.
//!
//! The releases are those in `../shared/api-json` or in the folder `VPP_RELEASES`. Tests with
//! "release" in their name need that folder and are ignored by default.

#![cfg(test)]

mod commands;
mod compile;
mod crates;
mod diff;
mod order;
mod rust;
mod text;

use std::fs;
use std::path::{Path, PathBuf};

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

fn shared(path: &str) -> PathBuf {
    Path::new(ROOT).join("../shared").join(path)
}

/// The available releases, oldest first, with name and folder.
fn releases() -> Vec<(String, PathBuf)> {
    let folder = std::env::var_os("VPP_RELEASES").map(PathBuf::from);
    let folder = folder.unwrap_or_else(|| shared("api-json"));
    let entries = fs::read_dir(&folder).unwrap_or_else(|error| {
        panic!("{}: {error}", folder.display());
    });
    let mut releases: Vec<_> = entries
        .map(|entry| entry.unwrap())
        .filter(|entry| entry.path().is_dir())
        .map(|entry| (entry.file_name().into_string().unwrap(), entry.path()))
        .collect();
    releases.sort();
    assert!(!releases.is_empty(), "no release in {}", folder.display());
    releases
}

//! The comparison of two sets of definitions as text, JSON and Markdown. `inputs/diff` has one
//! folder per construct.

#![cfg(test)]

mod constructs;
mod formats;
mod limits;
mod owners;
mod program;
mod releases;

use std::path::PathBuf;

use vpp_api_tools::{DiffError, DiffOptions, Report};

/// The two sides of a folder of `inputs/diff`.
fn sides(case: &str) -> [PathBuf; 2] {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("inputs/diff");
    ["old", "new"].map(|side| folder.join(case).join(side))
}

/// The report of a folder of `inputs/diff`, without its absolute path.
fn compare(case: &str, options: &DiffOptions) -> Result<Report, DiffError> {
    let [old, new] = sides(case);
    let mut report = vpp_api_tools::diff(&[old], &[new], options)?;
    report.old = format!("{case}/old");
    report.new = format!("{case}/new");
    Ok(report)
}

fn all(case: &str) -> Report {
    compare(case, &DiffOptions::default()).unwrap()
}

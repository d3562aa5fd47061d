//! Which file uses which: no circles between folders, and inside a folder only those that are
//! listed here with their reason.

#![cfg(test)]

mod circles;
mod uses;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Files of one folder that may use each other, with the reason.
const ALLOWED: &[(&str, &str)] = &[
    (
        "wire: src/reader.rs, src/wire.rs, src/writer.rs",
        "a value reads and writes itself, and the reader and writer take values",
    ),
    (
        "sim: src/builder.rs, src/sim.rs, src/thread.rs",
        "a simulator is created by its builder, and returns one",
    ),
];

fn crates() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let manifest = std::fs::read_to_string(root.join("Cargo.toml")).unwrap();
    let members = manifest.split_once("members = [").unwrap().1;
    let members = members.split_once(']').unwrap().0;
    let folders = members.split(',').map(|line| line.trim().trim_matches('"'));
    let folders = folders.filter(|folder| !folder.is_empty());
    folders
        .map(|folder| root.join(folder).join("src"))
        .collect()
}

#[test]
fn files_do_not_use_each_other_in_circles() {
    let mut faults = Vec::new();
    let mut allowed: BTreeSet<&str> = ALLOWED.iter().map(|(circle, _)| *circle).collect();
    for source in crates() {
        let uses = uses::of_crate(&source);
        for circle in circles::find(&uses) {
            let names: Vec<_> = circle
                .iter()
                .map(|file| file.strip_prefix(source.parent().unwrap()).unwrap())
                .map(|file| file.display().to_string())
                .collect();
            let krate = source.parent().unwrap().file_name().unwrap();
            let name = format!("{}: {}", krate.display(), names.join(", "));
            if !allowed.remove(name.as_str()) {
                faults.push(name);
            }
        }
    }
    assert!(
        faults.is_empty() && allowed.is_empty(),
        "circles:\n{}\nno longer circles: {allowed:?}",
        faults.join("\n")
    );
}

//! Compares the report of whole releases with their plain JSON.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use vpp_api_tools::{ChangeKind, DiffOptions, ItemKind};

fn release(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../shared/api-json")
        .join(name)
}

/// The CRC of every message, by name.
fn crcs(release: &Path) -> BTreeMap<String, String> {
    let mut crcs = BTreeMap::new();
    for folder in ["core", "plugins"] {
        for file in fs::read_dir(release.join(folder)).unwrap() {
            let text = fs::read_to_string(file.unwrap().path()).unwrap();
            let json: Value = serde_json::from_str(&text).unwrap();
            for message in json["messages"].as_array().unwrap() {
                let parts = message.as_array().unwrap();
                let crc = parts.last().unwrap()["crc"].as_str().unwrap();
                crcs.insert(parts[0].as_str().unwrap().to_owned(), crc.to_owned());
            }
        }
    }
    crcs
}

#[test]
#[ignore = "reads whole releases, whose definitions .ci/run has in ../shared"]
fn added_removed_and_changed_messages_are_those_of_the_json() {
    for (old, new) in [
        ("v23.02", "v24.06"),
        ("v24.06", "v26.06"),
        ("v26.06", "v23.02"),
    ] {
        let (old, new) = (release(old), release(new));
        let (before, after) = (crcs(&old), crcs(&new));
        let report = vpp_api_tools::diff(&[old], &[new], &DiffOptions::default()).unwrap();
        let names = |is: fn(&vpp_api_tools::Change) -> bool| {
            let messages = report
                .changes
                .iter()
                .filter(|change| change.kind == ItemKind::Message);
            let mut names: Vec<_> = messages
                .filter(|change| is(change))
                .map(|c| &c.name)
                .collect();
            names.sort();
            names
        };
        let removed: Vec<_> = before
            .keys()
            .filter(|name| !after.contains_key(*name))
            .collect();
        let added: Vec<_> = after
            .keys()
            .filter(|name| !before.contains_key(*name))
            .collect();
        let other = before
            .iter()
            .filter(|(name, crc)| after.get(*name).is_some_and(|a| a != *crc));
        assert_eq!(names(|change| change.state == ChangeKind::Removed), removed);
        assert_eq!(names(|change| change.state == ChangeKind::Added), added);
        let other: Vec<_> = other.map(|(name, _)| name).collect();
        assert_eq!(names(vpp_api_tools::Change::has_other_crc), other);
    }
}

#[test]
#[ignore = "reads whole releases, whose definitions .ci/run has in ../shared"]
fn breaking_changes_from_v24_06_to_v26_06() {
    let sides = [release("v24.06"), release("v26.06")];
    let [old, new] = sides.map(|side| vec![side]);
    let mut report = vpp_api_tools::diff(&old, &new, &DiffOptions::default()).unwrap();
    (report.old, report.new) = ("v24.06".to_owned(), "v26.06".to_owned());
    report.changes.retain(|change| change.breaking);
    insta::assert_snapshot!(report.text(vpp_api_tools::Style::Plain));
}

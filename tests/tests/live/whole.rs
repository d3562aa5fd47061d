//! Whole releases, read from a running VPP with all plugins.

use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::Value;
use vpp_api_tools::DiffOptions;
use vpp_bindgen::live;
use vpp_definitions::provider;
use vpp_tests::definitions::documents;

use super::fake::Fake;

/// The modules with messages that `get_api_json` leaves out.
const LEFT_OUT: [&str; 2] = ["memclnt", "sr_mpls"];

/// Documents by module.
fn files(folder: &Path) -> Vec<(String, Value)> {
    let files = documents(folder).unwrap().into_iter();
    files
        .map(|(name, json)| (name.trim_end_matches(".api.json").to_owned(), json))
        .collect()
}

fn messages(json: &Value) -> impl Iterator<Item = (&str, &str)> {
    let messages = json["messages"].as_array().unwrap().iter();
    messages.map(|message| {
        let crc = message.as_array().unwrap().last().unwrap()["crc"]
            .as_str()
            .unwrap();
        (message[0].as_str().unwrap(), crc.trim_start_matches("0x"))
    })
}

/// A VPP of this release. Its documents contain module names if `named`, which is so from v26.06.
fn vpp(files: &[(String, Value)], named: bool) -> Fake {
    let keys = files.iter().flat_map(|(_, json)| messages(json));
    let keys = keys.map(|(name, crc)| format!("{name}_{crc}")).collect();
    let given = files.iter().filter(|(module, json)| {
        messages(json).next().is_some() && !LEFT_OUT.contains(&module.as_str())
    });
    let given = given.map(|(_, json)| {
        let mut json = json.clone();
        if !named {
            json.as_object_mut().unwrap().remove("module");
        }
        json.to_string()
    });
    let json = format!("[\n{}]", given.collect::<Vec<_>>().join(","));
    Fake::new(keys, json)
}

/// Compares the files of a release with those that are read from a running VPP.
fn compare(folder: &Path, named: bool) {
    let files = files(folder);
    let fake = vpp(&files, named);
    let others = [folder.join("plugins/sr_mpls.api.json").into()];
    let timeout = Duration::from_secs(60);
    let (_, live) = live::definitions(&fake.socket(), &others, timeout).unwrap();
    assert_eq!(live.completion.undefined, [], "{}", folder.display());
    let mut modules: Vec<_> = live
        .documents
        .files
        .iter()
        .map(|file| &file.module)
        .collect();
    modules.sort();
    // sasc is empty and no module imports it.
    let expected = files.iter().map(|(module, _)| module);
    let expected: Vec<_> = expected.filter(|module| *module != "sasc").collect();
    assert_eq!(modules, expected, "{}", folder.display());
    let report = vpp_api_tools::diff([folder], [live.documents], &DiffOptions::default()).unwrap();
    assert!(
        report.changes.is_empty(),
        "{}",
        report.text(vpp_api_tools::Style::Plain)
    );
}

#[test]
#[ignore = "reads whole releases, whose definitions .ci/run has in ../shared"]
fn a_running_vpp_of_a_release_provides_its_files() {
    let shared = PathBuf::from(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../shared/api-json"
    ));
    compare(&shared.join("v26.06"), true);
    compare(&shared.join("v26.06"), false);
    compare(&shared.join("v24.06"), false);
}

#[test]
#[ignore = "reads whole releases, whose definitions .ci/run has in ../shared"]
fn every_message_of_a_release_has_a_provider() {
    let shared = PathBuf::from(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../shared/api-json"
    ));
    for entry in std::fs::read_dir(shared).unwrap() {
        for (module, json) in files(&entry.unwrap().path()) {
            for (name, _) in messages(&json) {
                let known = provider(name).map(|provider| provider.module);
                assert!(known.is_some(), "{module}: {name}");
            }
        }
    }
}

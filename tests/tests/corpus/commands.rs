//! Compares `list` and `crc` with the plain JSON.

use serde_json::Value;
use vpp_api_tools::list;
use vpp_definitions::{Compiler, crcs};
use vpp_tests::definitions::documents;

use super::releases;

#[test]
#[ignore = "reads whole releases, whose definitions .ci/run has in ../shared"]
fn list_has_every_message_of_every_release() {
    for (release, folder) in releases() {
        let mut expected = Vec::new();
        for (file, document) in documents(&folder).unwrap() {
            let module = file.trim_end_matches(".api.json").replace(['.', '-'], "_");
            let messages = document["messages"].as_array().unwrap();
            let facts = |message: &Value| {
                let crc = message.as_array().unwrap().last().unwrap()["crc"].clone();
                let crc = crc.as_str().unwrap().trim_start_matches("0x").to_owned();
                (module.clone(), message[0].as_str().unwrap().to_owned(), crc)
            };
            expected.extend(messages.iter().map(facts));
        }
        let lines = list(&[folder]).unwrap().into_iter();
        let mut found: Vec<_> = lines
            .map(|line| (line.module, line.name, format!("{:08x}", line.crc)))
            .collect();
        expected.sort();
        found.sort();
        assert_eq!(found, expected, "{release}");
    }
}

#[test]
#[ignore = "reads whole releases, whose definitions .ci/run has in ../shared"]
fn no_crc_of_any_release_disagrees() {
    for (release, folder) in releases() {
        let documents = documents(&folder).unwrap();
        let messages = documents.values().map(|one| one["messages"].as_array());
        let messages: usize = messages.map(|all| all.map_or(0, Vec::len)).sum();
        let report = crcs(&[folder], &[], &Compiler::new()).unwrap();
        assert_eq!(report.disagree, [], "{release}");
        let found = (report.modules, report.messages());
        assert_eq!(found, (documents.len(), messages), "{release}");
        // About thirty depend on marks that JSON lacks.
        assert!(report.agree * 100 >= messages * 98, "{release}: {report}");
    }
}

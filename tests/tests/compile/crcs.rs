//! CRCs: those of VPP, those that depend on data that JSON lacks, and wrong ones.

use std::path::PathBuf;

use serde_json::Value;
use vpp_definitions::{Compiler, crcs};

use super::{inputs, json};

fn crc(json: &Value, message: &str) -> String {
    let messages = json["messages"].as_array().unwrap();
    let message = messages.iter().find(|one| one[0] == message).unwrap();
    let facts = message.as_array().unwrap().last().unwrap();
    facts["crc"].as_str().unwrap().to_owned()
}

/// The expected CRCs are those of VPP's messages with the same definitions.
#[test]
fn definitions_have_the_crcs_of_vpp() {
    let json = json(
        &Compiler::new(),
        r"
        define show_version { u32 client_index; u32 context; };
        define show_version_reply {
            u32 context; i32 retval;
            string program[32]; string version[32]; string build_date[32];
            string build_directory[256];
        };
        typedef u32 interface_index;
        define sw_interface_dump {
            u32 client_index; u32 context;
            vl_api_interface_index_t sw_if_index [default=0xffffffff];
            bool name_filter_valid;
            string name_filter[];
        };
        define sw_interface_details { u32 context; };
        typedef module_version { u32 major; u32 minor; u32 patch; string name[64]; };
        define api_versions { u32 client_index; u32 context; };
        define api_versions_reply {
            u32 context; i32 retval; u32 count;
            vl_api_module_version_t api_versions[count];
        };
        autoreply define anything { u32 client_index; };
        ",
    );
    assert_eq!(crc(&json, "show_version"), "0x51077d14");
    assert_eq!(crc(&json, "show_version_reply"), "0xc919bde1");
    assert_eq!(crc(&json, "sw_interface_dump"), "0xaa610c27");
    assert_eq!(crc(&json, "api_versions"), "0x51077d14");
    assert_eq!(crc(&json, "api_versions_reply"), "0x5f0d99d6");
    assert_eq!(crc(&json, "anything_reply"), "0xe8d4e804");
}

#[test]
fn the_vendored_release_agrees_except_for_unmarked_enumerators() {
    let inputs = [PathBuf::from(vpp_api_json::LATEST)];
    let report = crcs(&inputs, &[], &Compiler::new()).unwrap();
    assert_eq!(report.disagree, []);
    assert_eq!((report.agree, report.unmarked.len()), (385, 4));
}

/// Writes the JSON of `inputs/api/good/enums.api` with `old` replaced by `new`.
fn changed(old: &str, new: &str) -> tempfile::TempDir {
    let source = inputs("good").join("enums.api");
    let compiled = Compiler::new().compile([source]).unwrap();
    let json = &compiled[0].json;
    assert!(json.contains(old));
    // The reader accepts only integer values.
    let json = json.replace("0.5", "5").replace("1.5", "6");
    super::folder("enums.api.json", &json.replace(old, new))
}

#[test]
fn sources_mark_enumerators_that_json_does_not() {
    let folder = changed("", "");
    let (json, sources) = ([folder.path()], [inputs("good").join("enums.api")]);

    let report = crcs(json, &[], &Compiler::new()).unwrap();
    assert_eq!((report.agree, report.disagree.len()), (1, 0));
    assert_eq!(report.unmarked[0].message, "enums_use");
    let names = ["grown.GROWN_TWO", "grown.GROWN_FOUR"];
    assert_eq!(report.unmarked[0].enumerators, names);

    let report = crcs(json, &sources, &Compiler::new()).unwrap();
    assert_eq!((report.agree, report.messages()), (2, 2));
}

#[test]
fn crcs_of_sources_agree() {
    let sources = [
        inputs("good").join("services.api"),
        inputs("good").join("unions.api"),
    ];
    let report = crcs(&sources, &[], &Compiler::new()).unwrap();
    assert_eq!((report.agree, report.messages()), (17, 17));
}

#[test]
fn a_changed_definition_disagrees() {
    let folder = changed("PLAIN_A", "PLAIN_Z");
    let report = crcs([folder.path()], &[], &Compiler::new()).unwrap();
    assert_eq!(report.unmarked, []);
    assert_eq!(report.disagree[0].message, "enums_use");
    let folder = changed("0xe8d4e804", "0xe8d4e805");
    let report = crcs([folder.path()], &[], &Compiler::new()).unwrap();
    insta::assert_snapshot!(report);
}

#[test]
fn another_message_can_prove_that_no_enumerator_is_marked() {
    let text = r"
        enum e { A, B, };
        autoreply define one { vl_api_e_t e; };
        autoreply define two { vl_api_e_t e; u8 x; };";
    let without = json(&Compiler::new(), &text.replace("B,", ""));
    let with = json(&Compiler::new(), text).to_string();
    let wrong = with.replace(
        &crc(&serde_json::from_str(&with).unwrap(), "two"),
        &crc(&without, "two"),
    );
    let folder = super::folder("text.api.json", &wrong);
    let report = crcs([folder.path()], &[], &Compiler::new()).unwrap();
    assert_eq!(report.unmarked, []);
    assert_eq!(report.disagree[0].message, "two");
}

#[test]
fn types_that_contain_themselves_have_no_crc() {
    let json = r#"{"types": [["a", ["vl_api_b_t", "b"]], ["b", ["vl_api_a_t", "a"]]],
        "messages": [["m", ["vl_api_a_t", "a"], {"crc": "0x1"}], ["n", ["vl_api_c_t", "c"], {"crc": "0x1"}]]}"#;
    let folder = super::folder("text.api.json", json);
    let report = crcs([folder.path()], &[], &Compiler::new()).unwrap();
    let computed: Vec<_> = report.disagree.iter().map(|one| one.computed).collect();
    assert_eq!(computed, [None, None]);
}

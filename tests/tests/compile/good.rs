//! The JSON of every part of the language, one per file, in the format of VPP's own tool.

use super::{inputs, json};
use vpp_definitions::Compiler;

fn compiled(compiler: &Compiler, path: &std::path::Path) -> String {
    let mut compiled = compiler.compile([path]).unwrap();
    compiled.remove(0).json
}

#[test]
fn every_part_of_the_language_as_json() {
    let compiler = Compiler::new().include(inputs("good"));
    insta::glob!("../../inputs/api/good", "*.api", |path| {
        insta::assert_snapshot!(compiled(&compiler, path));
    });
}

#[test]
fn facts_only_leaves_out_comments() {
    let compiler = Compiler::new().facts_only(true);
    for file in ["comments.api", "counters.api", "options.api"] {
        let json = compiled(&compiler, &inputs("good").join(file));
        for sentence in ["comment\"", "vat_help", "lost on the way"] {
            assert!(!json.contains(sentence), "{file}: {sentence}");
        }
    }
}

#[test]
fn older_releases_have_fewer_keys_and_other_values() {
    let text = "/* Far away. */\n\n\nenum e { A, B, };\ntypedef t { u8 none[]; };\nautoreply define m { u8 x; };";
    let of = |release: &str| json(&Compiler::new().release(release.parse().unwrap()), text);

    let (oldest, old) = (of("v21.06"), of("24.06-rc1"));
    assert_eq!(oldest["enums"][0][1], serde_json::json!(["A", 1]));
    assert_eq!(oldest["types"][0][1], serde_json::json!(["u8", "none", 0]));
    assert_eq!(oldest["messages"][0][3].get("comment"), None);
    assert_eq!(old["enums"][0][1], serde_json::json!(["A", 0]));
    assert_eq!(old["messages"][0][3]["comment"], "/* Far away. */");
    assert_eq!(old.get("module"), None);

    for bad in ["20.05", "v24", "", "24.6", "next"] {
        assert!(bad.parse::<vpp_definitions::Release>().is_err(), "{bad}");
    }
}

#[test]
fn line_ends_of_other_systems_are_accepted() {
    let text = std::fs::read_to_string(inputs("good").join("comments.api")).unwrap();
    let compiler = Compiler::new();
    let expected = json(&compiler, &text);
    assert_eq!(json(&compiler, &text.replace('\n', "\r\n")), expected);
    assert_eq!(json(&compiler, &text.replace('\n', "\r")), expected);
}

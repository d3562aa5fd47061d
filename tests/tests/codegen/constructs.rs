//! One construct a file: the generated text, which `build.rs` also compiles.

use vpp_codegen::Builder;

#[test]
fn every_construct_as_rust() {
    insta::glob!("../../inputs/good", "*.api.json", |path| {
        insta::assert_snapshot!(super::generated(&Builder::new(path)));
    });
}

#[test]
fn serde_and_registry_as_rust() {
    let input = super::inputs("good").join("unions.api.json");
    let builder = Builder::new(input).serde(true).registry(true);
    insta::assert_snapshot!(super::generated(&builder));
}

#[test]
fn runtime_and_extern_modules_stand_where_the_caller_says() {
    let builder = Builder::new(vpp_api_json::V26_06)
        .modules(["af_packet"])
        .wire_path("crate::wire")
        .unwrap()
        .extern_module("interface_types", "::vpp_bindings::interface_types")
        .unwrap();
    let files = builder.generate().unwrap();
    let names: Vec<_> = files.iter().map(|file| file.name.as_str()).collect();
    assert_eq!(names, ["af_packet.rs", "ethernet_types.rs", "mod.rs"]);
    let text = &files[0].text;
    assert!(text.contains("use crate::wire::{"));
    assert!(text.contains("::vpp_bindings::interface_types::InterfaceIndex"));
    assert!(!text.contains("::vpp_wire"));
}

#[test]
fn a_type_that_two_files_define_alike_is_one_type() {
    let folder = tempfile::tempdir().unwrap();
    let definition = |message: &str, imports: &str| {
        format!(
            r#"{{"types": [["same", ["u8", "a"]]],
                 "messages": [["{message}", ["u16", "_vl_msg_id"], ["vl_api_same_t", "same"], {{"crc": "0x1"}}]],
                 "imports": [{imports}]}}"#
        )
    };
    let write = |module: &str, imports: &str| {
        let file = folder.path().join(format!("{module}.api.json"));
        std::fs::write(file, definition(module, imports)).unwrap();
    };
    write("one", "");
    write("two", "");
    write("three", r#""plugins/two.api""#);
    let files = Builder::new(folder.path()).generate().unwrap();
    let text = |name: &str| &files.iter().find(|file| file.name == name).unwrap().text;
    // It goes to the file that others import; every other one names it there.
    assert!(text("two.rs").contains("pub struct Same"));
    for other in ["one.rs", "three.rs"] {
        assert!(
            text(other).contains("pub same: super::two::Same"),
            "{other}"
        );
    }
}

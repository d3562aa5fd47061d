//! The generated code of every construct, one per file. `build.rs` also compiles it.

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
fn generated_code_uses_the_given_paths_of_runtime_and_extern_modules() {
    let builder = Builder::new(vpp_api_json::LATEST)
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
fn equal_definitions_of_a_type_in_two_files_become_one_type() {
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
    // The file that others import defines it, and all other files refer to it.
    assert!(text("two.rs").contains("pub struct Same"));
    for other in ["one.rs", "three.rs"] {
        assert!(
            text(other).contains("pub same: super::two::Same"),
            "{other}"
        );
    }
}

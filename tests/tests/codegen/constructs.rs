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

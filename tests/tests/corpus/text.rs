//! Decompiles and compiles constructs that no release has, and checks that the comparison finds
//! differences.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use vpp_definitions::Compiler;
use vpp_tests::decompile::{check_same, decompile};

/// One definition of each kind, with an order and values that no release has.
fn unusual_document() -> Value {
    json!({
        "types": [
            ["outer", ["vl_api_inner_t", "inner"], ["u8", "count"], ["vl_api_mac_t", "macs", 0, "count"]],
            ["inner", ["u8", "none", 0], ["string", "name", 8]],
            ["inner", ["u8", "none", 0], ["string", "name", 8]]
        ],
        "messages": [
            ["odd", ["u16", "_vl_msg_id"], ["u32", "context"], ["f64", "rate", {"default": 1.0}],
                ["bool", "is_on", {"default": "true"}], ["bool", "is_off", {"default": false, "bare": null}],
                ["vl_api_width_t", "width"], ["vl_api_outer_t", "outer"],
                {"crc": "0x00000000", "options": {"deprecated": null, "vat_help": "a \\ b\\"}}],
            ["odd_event", ["u16", "_vl_msg_id"], ["string", "text", 0], {"crc": "0x00000000", "options": {}}],
            ["odd_stop_reply", ["u16", "_vl_msg_id"], ["u32", "context"], {"crc": "0x00000000", "options": {}}],
            ["odd_stop", ["u16", "_vl_msg_id"], ["u32", "context"], {"crc": "0x00000000", "options": {}}]
        ],
        "unions": [], "enumflags": [["bits", ["BIT", 128], {"enumtype": "u8"}]],
        "enums": [["width", ["WIDE", 4_294_967_295_u32], ["NARROW", -1], ["NEW", 3], {"enumtype": "i32"}]],
        "services": {
            "odd": {"reply": "odd_stop_reply", "events": ["odd_event"]},
            "odd_stop": {"reply": "null"}
        },
        "options": {"version": "1.0.0"},
        "aliases": {"mac": {"type": "u8", "length": 6}},
        "counters": [{"name": "c", "elements": [{"name": "e", "severity": "info", "type": "counter64",
            "units": "packets", "description": ""}]}],
        "paths": [{"path": "/err/c", "counter": "c"}]
    })
}

/// Decompiles and compiles `document`. Its CRCs are invalid and change.
fn compile_again(document: &Value, marked: &BTreeSet<String>) -> Value {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("odd.api");
    std::fs::write(&file, decompile(document, marked).unwrap()).unwrap();
    let compiled = Compiler::new().compile([file]).unwrap();
    serde_json::from_str(&compiled[0].json).unwrap()
}

fn set_crcs(document: &mut Value, crc: &str) {
    for message in document["messages"].as_array_mut().unwrap() {
        message.as_array_mut().unwrap().last_mut().unwrap()["crc"] = crc.into();
    }
}

#[test]
fn unusual_constructs_compile_to_themselves() {
    let (document, none) = (unusual_document(), BTreeSet::new());
    let mut compiled = compile_again(&document, &none);
    let crc = compiled["messages"][0].as_array().unwrap().last().unwrap()["crc"].clone();
    let marked = compile_again(&document, &BTreeSet::from(["width.NEW".to_owned()]));
    let with_mark = &marked["messages"][0].as_array().unwrap().last().unwrap()["crc"];
    assert_ne!(&crc, with_mark);
    assert!(check_same(&compiled, &document).is_err());
    set_crcs(&mut compiled, "0x00000000");
    check_same(&compiled, &document).unwrap();
}

//! The dynamic codec and generated code return the same bytes, text and errors.
//! `corpus/main.rs` checks whole releases.

use vpp_bindings::REGISTRY;
use vpp_dynamic::Codec;
use vpp_tests::agreement::{Random, check, check_encode};
use vpp_tests::inputs::REGISTRIES;
use vpp_tests::{unhex, vectors};
use vpp_wire::registry::Registry;

fn check_all(codec: &Codec, registry: &Registry) {
    let mut keys: Vec<String> = codec.keys().collect();
    keys.sort();
    let known: Vec<_> = registry.entries().iter().map(|entry| entry.key).collect();
    assert_eq!(keys, known);
    let mut random = Random::new(0x2606);
    for _ in 0..48 {
        let length = random.below(1_000);
        let payload = random.payload(length);
        for entry in registry.entries() {
            check(codec, entry, &payload, &mut random).unwrap();
        }
    }
    for entry in registry.entries() {
        for text in ["{}", "", "[]", "{\"_crc\":\"0\"}", "{} x", "null", "\"\""] {
            check_encode(codec, entry, text).unwrap();
        }
    }
}

#[test]
fn both_codecs_agree_on_every_vendored_message() {
    check_all(&super::vendored(), &REGISTRY);
}

#[test]
fn both_codecs_agree_on_every_construct() {
    for (name, registry) in REGISTRIES {
        check_all(&super::of_input(name), registry);
    }
}

#[test]
fn both_codecs_keep_strings_that_are_not_utf8() {
    let codec = super::of_input("strings");
    let registry = REGISTRIES.iter().find(|(name, _)| *name == "strings");
    let (_, registry) = registry.unwrap();
    let mut random = Random::new(1);
    for (name, fields, json) in [
        (
            "variable_string",
            "0700000003 61ff62",
            r#""name":[97,255,98]"#,
        ),
        ("variable_string", "0700000003 613062", r#""name":"a0b""#),
        (
            "fixed_string",
            "61ff00000000000000000000 00000000",
            r#""name":[97,255,0,0,0,0,0,0,0,0,0,0,0,0,0,0]"#,
        ),
        (
            "string_in_struct",
            "00000001 00000001 ff",
            r#""name":[255]"#,
        ),
    ] {
        let hex = format!("0001 00000000 00000000 {fields}").replace(' ', "");
        let payload = unhex(&hex).unwrap();
        let entry = registry.by_name(name).unwrap();
        check(&codec, entry, &payload, &mut random).unwrap();
        let text = codec.decode(name, &payload).unwrap();
        assert!(text.contains(json), "{text}");
        let header = vpp_dynamic::Header {
            msg_id: 1,
            ..Default::default()
        };
        assert_eq!(codec.encode(name, &text, header).unwrap(), payload);
    }
}

#[test]
fn the_vectors_of_an_independent_encoder_agree() {
    let codec = super::vendored();
    let header = vpp_dynamic::Header {
        msg_id: 0x0102,
        client_index: 0x1122_3344,
        context: 0x5566_7788,
    };
    let mut samples = 0;
    for entry in std::fs::read_dir(vectors::folder()).unwrap() {
        let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
        for line in text.lines() {
            let line: serde_json::Value = serde_json::from_str(line).unwrap();
            let name = line["message"].as_str().unwrap();
            for sample in line["samples"].as_array().unwrap() {
                let payload = unhex(sample["hex"].as_str().unwrap()).unwrap();
                let json = codec.decode(name, &payload).unwrap();
                let json: serde_json::Value = serde_json::from_str(&json).unwrap();
                assert_eq!(json, sample["json"]);
                let bytes = codec.encode(name, &sample["json"].to_string(), header);
                assert_eq!(bytes.unwrap(), payload, "{name}");
                samples += 1;
            }
        }
    }
    assert!(samples > 900, "only {samples} samples were found");
}

//! Decoding uses little memory for any payload.

use std::fs;
use std::io;

use vpp_bindings::REGISTRY;
use vpp_dynamic::Codec;
use vpp_tests::allocations::peak;
use vpp_tests::fuzz::{DECODED, DECODED_SMALL_STRUCTS, FuzzPlan, run};
use vpp_tests::inputs::REGISTRIES;

/// Messages with an array of each small kind of element.
fn small_elements() -> Codec {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("small.api.json");
    let definitions = r#"{
        "types": [
            ["nothing"], ["byte", ["u8", "x"]],
            ["nested", ["u8", "n"], ["vl_api_byte_t", "bytes", 0, "n"]],
            ["deep", ["u8", "n"], ["vl_api_nested_t", "nested", 0, "n"]],
            ["none_of_any", ["u8", "n"], ["vl_api_nothing_t", "none", 0, "n"]]
        ],
        "enums": [["kind", ["ONE", 1], {"enumtype": "u8"}]],
        "enumflags": [["flag", ["BIT", 1], {"enumtype": "u8"}]],
        "unions": [["either", ["u8", "x"], ["bool", "y"]]],
        "aliases": {"octet": {"type": "u8"}},
        "messages": [
            MESSAGES
        ]
    }"#;
    let messages: Vec<_> = ELEMENTS
        .iter()
        .map(|ty| {
            let name = ty.trim_start_matches("vl_api_").trim_end_matches("_t");
            format!(
                r#"["of_{name}", ["u16", "_vl_msg_id"], ["u32", "n"], ["{ty}", "x", 0, "n"], {{"crc": "0x1"}}],
                ["rest_{name}", ["u16", "_vl_msg_id"], ["{ty}", "x", 0], {{"crc": "0x1"}}]"#
            )
        })
        .collect();
    fs::write(&file, definitions.replace("MESSAGES", &messages.join(","))).unwrap();
    Codec::new([file]).unwrap()
}

const ELEMENTS: [&str; 13] = [
    "u8",
    "i8",
    "bool",
    "u16",
    "vl_api_nothing_t",
    "vl_api_byte_t",
    "vl_api_nested_t",
    "vl_api_deep_t",
    "vl_api_none_of_any_t",
    "vl_api_kind_t",
    "vl_api_flag_t",
    "vl_api_either_t",
    "vl_api_octet_t",
];

#[test]
fn checking_uses_constant_memory() {
    let codec = small_elements();
    for key in codec.keys() {
        for length in [2, 6, 100, 50_000] {
            for fill in [0, 1, 0xff] {
                for count in [
                    0,
                    1,
                    length / 2,
                    length - 1,
                    length,
                    1 << 31,
                    u32::MAX as usize,
                ] {
                    let mut payload = vec![fill; length];
                    if let Some(bytes) = payload.get_mut(2..6) {
                        bytes.copy_from_slice(&u32::try_from(count).unwrap().to_be_bytes());
                    }
                    let (_, held) = peak(|| codec.check(&key, &payload).is_ok());
                    assert!(held <= 1_024, "{key}: {held} bytes for {length}");
                }
            }
        }
    }
}

#[test]
fn decoding_to_a_writer_uses_constant_memory() {
    let codec = small_elements();
    let mut payload = vec![0; 20_006];
    payload[2..6].copy_from_slice(&10_000_u32.to_be_bytes());
    for key in codec.keys().filter(|key| key.starts_with("of_")) {
        let (done, held) = peak(|| codec.decode_to(&key, &payload, io::sink()));
        done.unwrap();
        assert!(held <= 1_024, "{key}: {held} bytes");
        let mut text = Vec::new();
        codec.decode_to(&key, &payload, &mut text).unwrap();
        assert_eq!(text, codec.decode(&key, &payload).unwrap().into_bytes());
    }
}

#[test]
fn a_count_larger_than_the_payload_is_refused_before_writing_text() {
    let codec = small_elements();
    let mut payload = vec![0; 1_000_006];
    payload[2..6].copy_from_slice(&1_000_001_u32.to_be_bytes());
    for key in codec.keys().filter(|key| key.starts_with("of_")) {
        let (result, held) = peak(|| codec.decode(&key, &payload));
        assert!(result.unwrap_err().to_string().contains("1000001 elements"));
        assert!(held <= 1_024, "{key}: {held} bytes");
    }
}

#[test]
fn hex_text_of_bytes_is_within_the_memory_limit() {
    let codec = small_elements();
    for length in [2, 1_000, 65_536, 1_000_000] {
        let payload = vec![0xa5; length];
        let (text, held) = peak(|| codec.decode("rest_u8", &payload).unwrap());
        assert!(text.len() > 2 * (length - 2));
        assert!(DECODED.allows(held, length), "{held} bytes for {length}");
    }
}

#[test]
fn an_error_of_the_writer_is_returned() {
    struct Full;
    impl io::Write for Full {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(io::Error::other("disk full"))
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let error = small_elements().decode_to("rest_u8", &[0, 0], Full);
    assert_eq!(error.unwrap_err().to_string(), "rest_u8: disk full");
}

#[test]
fn both_codecs_agree_on_mutated_payloads_of_vendored_messages_within_memory_limits() {
    let plan = FuzzPlan::of(10_000);
    let summary = run(&super::vendored(), REGISTRY.entries(), plan).unwrap();
    // The payloads have to include both valid and invalid ones.
    let refused = summary.payloads - summary.accepted;
    assert!(summary.accepted > 1_000 && refused > 1_000, "{summary:?}");
}

#[test]
fn both_codecs_agree_on_mutated_payloads_of_every_construct_within_memory_limits() {
    let plan = FuzzPlan {
        bound: DECODED_SMALL_STRUCTS,
        ..FuzzPlan::of(1_000)
    };
    for (name, registry) in REGISTRIES {
        run(&super::of_input(name), registry.entries(), plan).unwrap();
    }
}

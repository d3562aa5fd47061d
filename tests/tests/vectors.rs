//! Bytes and JSON of an independent encoder, both ways, for every message of the
//! vendored modules (`vectors/`, one line a message).

use serde_json::Value;
use vpp_bindings::REGISTRY;
use vpp_tests::{hex, unhex};
use vpp_wire::Header;

/// What the vectors carry wherever a message has the place.
const MESSAGE_ID: u16 = 0x0102;
const CLIENT_INDEX: u32 = 0x1122_3344;
const CONTEXT: u32 = 0x5566_7788;

#[test]
fn every_vector_decodes_to_its_json_and_encodes_to_its_bytes() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/vectors/v26.06");
    let mut samples = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
        for line in text.lines() {
            samples += check(&serde_json::from_str(line).unwrap());
        }
    }
    assert!(samples > 900, "only {samples} samples were found");
}

fn check(line: &Value) -> usize {
    let name = line["message"].as_str().unwrap();
    let crc = line["crc"].as_str().unwrap().trim_start_matches("0x");
    let entry = REGISTRY
        .get(&format!("{name}_{crc}"))
        .unwrap_or_else(|| panic!("no {name}"));
    let json = entry.json.unwrap();
    let samples = line["samples"].as_array().unwrap();
    for sample in samples {
        let expected = sample["hex"].as_str().unwrap();
        let payload = unhex(expected).unwrap();
        let (header, message) = (entry.decode)(&payload).unwrap();
        assert!(
            [0, CLIENT_INDEX].contains(&header.client_index),
            "{name}: {header:?}"
        );
        assert!([0, CONTEXT].contains(&header.context), "{name}: {header:?}");

        let encode = |message: &dyn vpp_wire::registry::AnyMessage| {
            let header = Header {
                client_index: CLIENT_INDEX,
                context: CONTEXT,
            };
            let mut out = Vec::new();
            message
                .encode_payload(MESSAGE_ID, header, &mut out)
                .unwrap();
            hex(&out)
        };
        assert_eq!(encode(message.as_ref()), expected, "{name}");

        let found: Value = serde_json::from_str(&(json.from_payload)(&payload).unwrap()).unwrap();
        assert_eq!(found, sample["json"], "{name}");
        let read = (json.to_message)(&sample["json"].to_string()).unwrap();
        assert_eq!(encode(read.as_ref()), expected, "{name} from JSON");
    }
    samples.len()
}

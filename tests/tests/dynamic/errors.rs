//! Errors name message, field and offset. Absurd definitions do not exhaust memory.

use std::fs;

use vpp_dynamic::{Codec, CodecError, Header};

fn refused(result: Result<Vec<u8>, CodecError>) -> String {
    result.unwrap_err().to_string()
}

#[test]
fn a_message_is_found_by_name_or_key() {
    let codec = super::vendored();
    for name in ["memif_create", "memif_create_b1b25061"] {
        assert!(codec.encode(name, "{}", Header::default()).is_ok());
    }
    assert_eq!(
        refused(codec.encode("memif_create_00000000", "{}", Header::default())),
        "memif_create has CRC b1b25061 in the definitions, not 00000000"
    );
    assert_eq!(
        refused(codec.encode("no_such_message", "{}", Header::default())),
        "no_such_message is not a message of the definitions"
    );
}

#[test]
fn json_errors_name_the_field() {
    let codec = super::of_input("arrays");
    let encode = |json| refused(codec.encode("of_variable", json, Header::default()));
    assert_eq!(
        encode(r#"{"list": [{"id": 1}, {"run": {"items": [1, -1]}}]}"#),
        "of_variable.list.run.items: invalid value: integer `-1`, expected u32 \
         at line 1 column 45"
    );
    let items = vec!["0"; 256].join(",");
    assert_eq!(
        encode(&format!(
            r#"{{"list": [{{"run": {{"items": [{items}]}}}}]}}"#
        )),
        "cannot encode of_variable.list.run.n: 256 elements, \
         the count field holds at most 255"
    );
}

#[test]
fn decoding_errors_name_field_and_offset() {
    let codec = super::of_input("arrays");
    let payload = [0, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 1, 9];
    assert_eq!(
        codec
            .decode("of_variable", &payload)
            .unwrap_err()
            .to_string(),
        "cannot decode of_variable.list.run.items at offset 17: \
         9 elements of at least 4 bytes, 0 bytes left"
    );
}

#[test]
fn a_definition_larger_than_memory_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("absurd.api.json");
    let definitions = r#"{
        "types": [["nothing"], ["many", ["vl_api_nothing_t", "none", 1000000000000]],
                  ["long", ["string", "name", 1000000000000000]]],
        "messages": [
            ["bytes", ["u16", "_vl_msg_id"], ["u8", "x", 1000000000000000], {"crc": "0x1"}],
            ["words", ["u16", "_vl_msg_id"], ["u64", "x", 18446744073709551615], {"crc": "0x2"}],
            ["empty", ["u16", "_vl_msg_id"], ["vl_api_many_t", "x", 1000000], {"crc": "0x3"}],
            ["listed", ["u16", "_vl_msg_id"], ["u8", "n"], ["vl_api_many_t", "x", 0, "n"], {"crc": "0x4"}],
            ["named", ["u16", "_vl_msg_id"], ["u8", "n"], ["vl_api_long_t", "x", 0, "n"], {"crc": "0x5"}]
        ]
    }"#;
    fs::write(&file, definitions).unwrap();
    let codec = Codec::new(&[file]).unwrap();
    for name in ["bytes", "words", "empty"] {
        assert!(refused(codec.encode(name, "{}", Header::default())).contains("more values"));
        assert!(codec.decode(name, &[0; 64]).is_err());
    }
    for name in ["listed", "named"] {
        let error = refused(codec.encode(name, r#"{"x": [{}]}"#, Header::default()));
        assert!(error.contains("more values"), "{error}");
        assert!(codec.decode(name, &[1; 64]).is_err());
    }
}

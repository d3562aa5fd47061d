//! `vpp-bindgen trace`.

use serde_json::Value;

use super::{TRACE, file, run, text};

fn trace(arguments: &[&str]) -> std::process::Output {
    run(&[&["trace", "--api-dir", vpp_api_json::LATEST], arguments].concat())
}

#[test]
fn json_is_what_vpp_saved_plus_the_index() {
    let saved = std::fs::read_to_string(format!("{TRACE}.json")).unwrap();
    let saved: Vec<Value> = serde_json::from_str(&saved).unwrap();
    let output = trace(&[TRACE]);
    assert!(output.status.success(), "{output:?}");
    assert_eq!(text(&output.stderr), "");
    let lines = text(&output.stdout).lines();
    let printed: Vec<Value> = lines
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(printed.len(), 84);
    assert_eq!(saved.len(), 84);
    for (index, (mut printed, saved)) in printed.into_iter().zip(saved).enumerate() {
        let fields = printed.as_object_mut().unwrap();
        assert_eq!(fields.remove("_index"), Some(index.into()));
        assert_eq!(printed, saved);
    }
}

#[test]
fn text_has_index_name_and_fields() {
    let output = trace(&["--format", "text", TRACE]);
    let lines: Vec<&str> = text(&output.stdout).lines().collect();
    assert_eq!(lines.len(), 84);
    assert_eq!(
        lines[66],
        "    66  sw_interface_set_flags  sw_if_index: 1, flags: \"IF_STATUS_API_FLAG_ADMIN_UP\""
    );
    assert_eq!(lines[76], "    76  control_ping");
}

#[test]
fn messages_without_definition_are_hex_with_one_warning_each() {
    let memif = format!("{}/plugins/memif.api.json", vpp_api_json::LATEST);
    let output = run(&["trace", "--api-dir", &memif, TRACE]);
    assert!(output.status.success(), "{output:?}");
    let lines: Vec<&str> = text(&output.stdout).lines().collect();
    assert_eq!(lines.len(), 84);
    let loopback: Value = serde_json::from_str(lines[63]).unwrap();
    assert_eq!(loopback["_index"], 63);
    assert_eq!(loopback["_msgname"], "create_loopback");
    assert_eq!(loopback["_crc"], "42bb5d22");
    let hex = loopback["_hex"].as_str().unwrap();
    assert_eq!(hex.len(), 2 * 16);
    assert!(hex.ends_with("000000000000"), "{hex}");
    let memif: Value = serde_json::from_str(lines[71]).unwrap();
    assert_eq!(memif["ring_size"], 1024);
    let warning = "vpp-bindgen: warning: create_loopback_42bb5d22: 3 records printed as hex: \
                   the definitions do not have it\n";
    assert!(text(&output.stderr).contains(warning), "{output:?}");
}

#[test]
fn cut_file_is_printed_up_to_the_cut() {
    let bytes = std::fs::read(TRACE).unwrap();
    let (_folder, path) = file(&bytes[..bytes.len() - 1]);
    let output = trace(&[&path]);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(text(&output.stdout).lines().count(), 83);
    let end = bytes.len() - 1;
    let error = format!("vpp-bindgen: {path}: the file ends at offset {end} in record 83: 1 more");
    assert!(text(&output.stderr).starts_with(&error), "{output:?}");
}

#[test]
fn payload_that_is_not_its_message_is_hex_and_exits_with_1() {
    let mut bytes = std::fs::read(TRACE).unwrap();
    // The last record is a `control_ping` of 10 bytes. One byte is moved to a second record.
    let start = bytes.len() - 14;
    bytes[start + 3] = 9;
    let last = bytes.pop().unwrap();
    bytes[3] += 1;
    let id = [bytes[start + 4], bytes[start + 5]];
    bytes.extend([0, 0, 0, 11, id[0], id[1], 0, 0, 0, 0, 0, 0, 0, 0, last]);
    let (_folder, path) = file(&bytes);
    let output = trace(&[&path]);
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    assert_eq!(text(&output.stdout).lines().count(), 85);
    assert!(text(&output.stdout).contains("\"_index\":83,\"_msgname\":\"control_ping\""));
    assert!(text(&output.stderr).contains("record 83: cannot decode control_ping"));
}

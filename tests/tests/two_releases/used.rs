//! `diff` limited to the messages that a program uses.

use std::fs;
use std::process::Command;

use vpp_tests::program::vpp_bindgen;

use super::CANDIDATES;

const V23_02: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/inputs/releases/v23.02");

fn diff(old: &str, new: &str, used: &str) -> (Option<i32>, String) {
    let folder = tempfile::tempdir().unwrap();
    let list = folder.path().join("used.txt");
    fs::write(&list, used).unwrap();
    let output = ["diff", old, new, "--only-used", list.to_str().unwrap()];
    let output = vpp_bindgen(&output, "").unwrap();
    let printed = String::from_utf8(output.stdout).unwrap();
    let error = String::from_utf8(output.stderr).unwrap();
    (output.status.code(), printed + &error)
}

/// `cargo run -p vpp-bindings --example messages > used.txt`, then `diff --only-used used.txt`.
#[test]
fn the_example_prints_a_list_for_diff() {
    let listed = Command::new(env!("CARGO"))
        .args(["run", "--offline", "--quiet", "--package", "vpp-bindings"])
        .args(["--no-default-features", "--features", "memif"])
        .args(["--example", "messages"])
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
        .output()
        .unwrap();
    let used = String::from_utf8(listed.stdout).unwrap();
    assert!(listed.status.success(), "{used}");
    assert!(used.lines().any(|line| line == "memif_create_b1b25061"));
    assert!(used.lines().all(|line| line.starts_with("memif_")));

    let (status, printed) = diff(V23_02, vpp_api_json::V26_06, &used);
    assert_eq!(status, Some(0), "{printed}");
    assert!(
        printed.contains("+ message memif_create_v2: added"),
        "{printed}"
    );
    assert!(!printed.contains("message ikev2_"), "{printed}");
    let (status, printed) = diff(vpp_api_json::V26_06, V23_02, &used);
    assert_eq!(status, Some(1), "{printed}");
    assert!(
        printed.contains("- message memif_create_v2: removed"),
        "{printed}"
    );
}

/// A user's program prints its list in the same way.
#[test]
fn the_messages_constant_is_a_list_for_diff() {
    let (_, messages) = CANDIDATES[0];
    let lines = messages
        .iter()
        .map(|(name, crc)| format!("{name}_{crc:08x}\n"));
    let used = "# v23.02\n\n".to_owned() + &lines.collect::<String>();
    let (status, printed) = diff(V23_02, V23_02, &used);
    assert_eq!(status, Some(0), "{printed}");
    assert!(printed.ends_with("Nothing changed.\n"), "{printed}");
}

/// A program for both releases lists two CRCs of a changed message. One of them has to match.
#[test]
fn the_list_has_to_match_one_of_the_releases() {
    let [older, newer] = [
        "ikev2_set_ike_transforms_076d7378\n",
        "ikev2_set_ike_transforms_aa99fec0\n",
    ];
    let (status, printed) = diff(V23_02, V23_02, &[older, newer].concat());
    assert_eq!(status, Some(0), "{printed}");
    let (status, printed) = diff(V23_02, V23_02, newer);
    assert_eq!(status, Some(2), "{printed}");
    assert!(
        printed.contains("CRC aa99fec0 in the list and 076d7378 in the definitions"),
        "{printed}"
    );
}

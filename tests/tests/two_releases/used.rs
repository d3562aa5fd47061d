//! From the messages that a program has to what a release means to it.

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
    let said = String::from_utf8(output.stdout).unwrap();
    let error = String::from_utf8(output.stderr).unwrap();
    (output.status.code(), said + &error)
}

/// `cargo run -p vpp-bindings --example messages > used.txt`, then `diff --only-used used.txt`.
#[test]
fn the_example_lists_what_diff_is_limited_to() {
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

    let (status, said) = diff(V23_02, vpp_api_json::V26_06, &used);
    assert_eq!(status, Some(0), "{said}");
    assert!(said.contains("+ message memif_create_v2: added"), "{said}");
    assert!(!said.contains("message ikev2_"), "{said}");
    let (status, said) = diff(vpp_api_json::V26_06, V23_02, &used);
    assert_eq!(status, Some(1), "{said}");
    assert!(
        said.contains("- message memif_create_v2: removed"),
        "{said}"
    );
}

/// A program of one's own prints its list in the same way.
#[test]
fn the_constant_is_a_list() {
    let (_, messages) = CANDIDATES[0];
    let lines = messages
        .iter()
        .map(|(name, crc)| format!("{name}_{crc:08x}\n"));
    let used = "# v23.02\n\n".to_owned() + &lines.collect::<String>();
    let (status, said) = diff(V23_02, V23_02, &used);
    assert_eq!(status, Some(0), "{said}");
    assert!(said.ends_with("Nothing changed.\n"), "{said}");
}

/// A program of both releases has two CRCs of what changed; one of a third release has none.
#[test]
fn the_list_is_of_one_of_the_releases() {
    let [older, newer] = [
        "ikev2_set_ike_transforms_076d7378\n",
        "ikev2_set_ike_transforms_aa99fec0\n",
    ];
    let (status, said) = diff(V23_02, V23_02, &[older, newer].concat());
    assert_eq!(status, Some(0), "{said}");
    let (status, said) = diff(V23_02, V23_02, newer);
    assert_eq!(status, Some(2), "{said}");
    assert!(
        said.contains("CRC aa99fec0 in the list and 076d7378 in the definitions"),
        "{said}"
    );
}

//! `generate --messages`: the list comes from a file or standard input, and errors name the
//! message.

use std::fs::{self, File};
use std::path::Path;
use std::process::Output;

use super::program::{command, run};

const LIST: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/inputs/messages.txt");

fn generate<'a>(list: &'a str, out: &'a Path) -> [&'a str; 7] {
    let out = out.to_str().unwrap();
    [
        "generate",
        "--api-dir",
        "vendored",
        "--messages",
        list,
        "--out",
        out,
    ]
}

/// Runs `generate` on a list that it must reject. Returns what it prints.
fn rejected(text: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    let (list, out) = (folder.path().join("list.txt"), folder.path().join("out"));
    fs::write(&list, text).unwrap();
    let output = run(&generate(list.to_str().unwrap(), &out));
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    assert!(!out.exists());
    String::from_utf8(output.stderr).unwrap()
}

#[track_caller]
fn assert_silent_success(output: &Output) {
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    assert!(output.stdout.is_empty(), "{output:?}");
    assert!(output.stderr.is_empty(), "{output:?}");
}

#[test]
fn listed_messages_are_generated() {
    let out = tempfile::tempdir().unwrap();
    assert_silent_success(&run(&generate(LIST, out.path())));
    let text = fs::read_to_string(out.path().join("memif.rs")).unwrap();
    for name in ["MemifCreateV2", "MemifCreateV2Reply", "MemifCreate"] {
        assert!(text.contains(&format!("pub struct {name} ")), "{name}");
    }
    assert!(!text.contains("pub struct MemifSocketFilenameAddDel "));
    assert!(!out.path().join("tapv2.rs").exists());
}

#[test]
fn list_is_read_from_standard_input() {
    let (from_file, from_input) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    assert_silent_success(&run(&generate(LIST, from_file.path())));
    let mut command = command(&generate("-", from_input.path()));
    let list = File::open(LIST).unwrap();
    assert_silent_success(&command.stdin(list).output().unwrap());
    assert_eq!(
        super::tree::tree(from_file.path()),
        super::tree::tree(from_input.path())
    );
}

#[test]
fn unknown_message_is_an_error_with_similar_names() {
    let printed = rejected("memif_dump\nmemif_creat_v2\n");
    assert!(printed.contains("memif_creat_v2"), "{printed}");
    assert!(printed.contains("memif_create_v2"), "{printed}");
}

#[test]
fn other_crc_is_an_error() {
    let printed = rejected("memif_delete_00000001\n");
    assert!(printed.contains("memif_delete"), "{printed}");
    assert!(printed.contains("f9e6675e"), "{printed}");
}

#[test]
fn malformed_line_is_an_error_with_its_number() {
    let printed = rejected("memif_dump\nmemif delete\n");
    assert!(printed.contains("line 2"), "{printed}");
}

#[test]
fn missing_list_is_an_error() {
    let out = tempfile::tempdir().unwrap();
    let out = out.path().join("out");
    let output = run(&generate("/nowhere/messages.txt", &out));
    assert_eq!(output.status.code(), Some(2));
    assert!(!out.exists());
    let printed = String::from_utf8(output.stderr).unwrap();
    assert!(printed.contains("/nowhere/messages.txt"), "{printed}");
}

#[test]
fn messages_and_all_exclude_each_other() {
    let out = tempfile::tempdir().unwrap();
    let mut arguments = generate(LIST, out.path()).to_vec();
    arguments.push("--all");
    assert_eq!(run(&arguments).status.code(), Some(2));
}

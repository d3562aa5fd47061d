//! `vpp-bindgen trace-diff`.

use std::process::Output;

use serde_json::Value;

use super::recorded::session;
use super::replay::only;
use super::{TRACE, file, run, text};

fn diff(arguments: &[&str]) -> Output {
    run(&[
        &["trace-diff", "--api-dir", vpp_api_json::LATEST],
        arguments,
    ]
    .concat())
}

#[test]
fn equal_traces_have_no_differences() {
    let output = diff(&[TRACE, TRACE]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    assert!(output.stdout.is_empty());
}

#[test]
fn sessions_with_other_contexts_and_numbers_of_messages_are_the_same() {
    let (one, other) = (session(), session());
    let output = diff(&[&one.path, &other.path]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
}

#[test]
fn missing_records_are_printed_with_their_side() {
    let (_folder, path) = file(&only(|index| index != 71 && index != 81));
    let output = diff(&[TRACE, &path]);
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let lines: Vec<&str> = text(&output.stdout).lines().collect();
    assert_eq!(lines.len(), 2, "{lines:?}");
    assert!(
        lines[0].starts_with("-    71  memif_create_v2  role: "),
        "{lines:?}"
    );
    assert_eq!(lines[1], "-    81  delete_loopback  sw_if_index: 3");

    let output = diff(&["--format", "json", &path, TRACE]);
    let lines: Vec<Value> = text(&output.stdout)
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(lines[1]["_side"], "new");
    assert_eq!(lines[1]["_index"], 81);
    assert_eq!(lines[1]["_msgname"], "delete_loopback");
}

#[test]
fn cut_trace_is_an_error() {
    let bytes = std::fs::read(TRACE).unwrap();
    let (_folder, path) = file(&bytes[..bytes.len() - 1]);
    assert_eq!(diff(&[TRACE, &path]).status.code(), Some(2));
}

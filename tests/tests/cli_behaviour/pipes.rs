//! Output to closed pipes and full disks.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::Stdio;

use super::program::command;

const MEMIF_DELETE: &str = "003000000001000000070000000a";

fn all() -> Vec<Vec<String>> {
    let release = vpp_api_json::LATEST;
    let memif = format!("{release}/plugins/memif.api.json");
    let commands: &[&[&str]] = &[
        &["--help"],
        &["-h"],
        &["--version"],
        &["diff", "--help"],
        &["help", "generate"],
        &["list", release],
        &["crc", release],
        &["diff", release, &memif],
        &["diff", release, &memif, "--format", "json"],
        &["decode", "--api-dir", release, "memif_delete", MEMIF_DELETE],
        &[
            "encode",
            "--api-dir",
            release,
            "memif_delete",
            r#"{"sw_if_index": 1}"#,
        ],
        &["completions", "bash"],
        &["man"],
    ];
    let owned = commands.iter();
    owned
        .map(|one| one.iter().map(|word| (*word).to_owned()).collect())
        .collect()
}

#[test]
fn a_closed_output_pipe_does_not_change_the_exit_status() {
    for arguments in all() {
        let expected = command(&arguments).output().unwrap();
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let output = command(&arguments).stdout(writer).output().unwrap();
        assert_eq!(
            output.status.code(),
            expected.status.code(),
            "{arguments:?}"
        );
        assert!(output.stderr.is_empty(), "{arguments:?}: {output:?}");
    }
}

#[test]
fn the_reader_may_close_the_pipe_early() {
    let arguments = ["list", vpp_api_json::LATEST];
    let mut run = command(&arguments).spawn().unwrap();
    let mut lines = BufReader::with_capacity(16, run.stdout.take().unwrap());
    lines.read_line(&mut String::new()).unwrap();
    drop(lines);
    let output = run.wait_with_output().unwrap();
    assert!(
        output.status.success() && output.stderr.is_empty(),
        "{output:?}"
    );
}

#[test]
fn decoding_many_lines_stops_when_the_pipe_is_closed() {
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("payloads.txt");
    std::fs::write(&file, format!("{MEMIF_DELETE}\n").repeat(20_000)).unwrap();
    let arguments = [
        "decode",
        "--api-dir",
        vpp_api_json::LATEST,
        "memif_delete",
        "-",
    ];
    let input = std::fs::File::open(&file).unwrap();
    let mut command = command(&arguments);
    let output = command.stdin(input).stdout(writer).output().unwrap();
    assert!(
        output.status.success() && output.stderr.is_empty(),
        "{output:?}"
    );
}

#[test]
fn a_closed_error_pipe_does_not_change_the_exit_status() {
    let release = vpp_api_json::LATEST;
    let nowhere = ["list", "/nowhere"];
    let bad_line = ["decode", "--api-dir", release, "memif_delete", "zz"];
    let wrong = ["list", "--no-such-option"];
    let cases: [(&[&str], i32); 3] = [(&nowhere, 2), (&bad_line, 1), (&wrong, 2)];
    for (arguments, status) in cases {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let mut command = command(arguments);
        let ended = command.stderr(writer).status().unwrap();
        assert_eq!(ended.code(), Some(status), "{arguments:?}");
    }
    let out = tempfile::tempdir().unwrap();
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let arguments = super::tree::vendor(Path::new(release), out.path());
    assert!(
        command(&arguments)
            .stderr(writer)
            .status()
            .unwrap()
            .success()
    );
}

#[test]
fn a_full_disk_is_an_error() {
    let Ok(full) = std::fs::OpenOptions::new().write(true).open("/dev/full") else {
        return; // Only Linux has it.
    };
    for arguments in all().into_iter().skip(5) {
        let out = Stdio::from(full.try_clone().unwrap());
        let output = command(&arguments).stdout(out).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {output:?}");
        assert!(!output.stderr.is_empty(), "{arguments:?}");
    }
}

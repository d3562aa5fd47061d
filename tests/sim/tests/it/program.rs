//! The program `vpp-sim`.

use std::io::{BufRead, BufReader};
use std::os::unix::process::ExitStatusExt;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::json;
use vpp_sim::Sim;

use crate::faults::client_process;
use crate::peer::Peer;
use crate::segment::{Segment, Value};

#[test]
fn the_program_serves_and_exits_cleanly_on_sigterm() {
    let folder = tempfile::tempdir().unwrap();
    let socket = folder.path().join("api.sock");
    let mut program = Command::new(env!("CARGO_BIN_EXE_vpp-sim"))
        .arg("--socket")
        .arg(&socket)
        .args(["--release", "v23.02", "--fault", "show_version=retval:-7"])
        .args(["--fault", "create_loopback=kill-after"])
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut errors = BufReader::new(program.stderr.take().unwrap());
    let mut line = String::new();
    errors.read_line(&mut line).unwrap();
    assert_eq!(line, format!("listening on {}\n", socket.display()));

    let mut peer = Peer::connect(&socket);
    assert!(!peer.ids.contains_key("memif_create_v2_8c7de5f7"));
    assert_eq!(peer.retval("show_version", json!({})), -7);

    let mut client = client_process(&socket, "create_loopback");
    assert_eq!(client.wait().unwrap().signal(), Some(9));

    let id = program.id().to_string();
    Command::new("kill").args(["-TERM", &id]).status().unwrap();
    assert!(program.wait().unwrap().success());
    assert!(!socket.exists());
}

#[test]
fn the_program_serves_a_stats_segment_with_a_heartbeat() {
    let folder = tempfile::tempdir().unwrap();
    let (socket, stats) = (
        folder.path().join("api.sock"),
        folder.path().join("stats.sock"),
    );
    let mut program = Command::new(env!("CARGO_BIN_EXE_vpp-sim"))
        .arg("--socket")
        .arg(&socket)
        .arg("--stats-socket")
        .arg(&stats)
        .args(["--stats-interval", "0.001", "--stats-size", "1"])
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut errors = BufReader::new(program.stderr.take().unwrap());
    errors.read_line(&mut String::new()).unwrap();

    let segment = Segment::connect(&stats);
    assert_eq!(segment.size(), 1 << 20);
    let deadline = Instant::now() + Duration::from_secs(20);
    while segment.entries()["/sys/heartbeat"] < Value::Scalar(3) {
        assert!(Instant::now() < deadline, "no heartbeat");
        std::thread::yield_now();
    }
    // A program that was killed leaves its socket files, and the next one replaces them.
    program.kill().unwrap();
    program.wait().unwrap();
    assert!(stats.exists());
    let next = Sim::builder().stats_socket(&stats).start_thread().unwrap();
    Segment::connect(&stats);
    drop(next);
    assert!(!stats.exists());
}

#[test]
fn the_program_reports_wrong_options() {
    let failed = |arguments: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_vpp-sim"))
            .args(arguments)
            .output()
            .unwrap();
        assert!(!output.status.success());
        String::from_utf8(output.stderr).unwrap()
    };
    let error = failed(&["--socket", "/nowhere/api.sock"]);
    assert!(
        error.starts_with("vpp-sim: cannot listen on /nowhere/api.sock: "),
        "{error}"
    );
    let error = failed(&["--socket", "x", "--release", "v1"]);
    assert!(error.contains("\"v1\" is not one of v22.10"), "{error}");
    let error = failed(&["--socket", "x", "--stats-interval", "0"]);
    assert!(error.contains("not a number of seconds above 0"), "{error}");
    let error = failed(&["--socket", "x", "--fault", "a=b"]);
    assert!(error.contains("\"b\" is not a kind of fault"), "{error}");
}

#[test]
fn help_lists_every_kind_of_fault() {
    let run = |arguments: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_vpp-sim"))
            .args(arguments)
            .output()
            .unwrap();
        (output.stdout, String::from_utf8(output.stderr).unwrap())
    };
    let help = String::from_utf8(run(&["--help"]).0).unwrap();
    let (_, error) = run(&["--socket", "x", "--fault", "a=b"]);
    let (_, kinds) = error.split_once("KIND one of ").unwrap();
    let (kinds, _) = kinds.split_once(", and TIME").unwrap();
    let kinds: Vec<_> = kinds.split(", ").collect();
    assert_eq!(kinds.len(), 19);
    for kind in kinds {
        assert!(help.contains(&format!("\n  {kind} ")), "{kind}");
    }
}

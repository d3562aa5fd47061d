//! The program.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use serde_json::json;

use crate::peer::Peer;

#[test]
fn the_program_serves_and_leaves_cleanly() {
    let folder = tempfile::tempdir().unwrap();
    let socket = folder.path().join("api.sock");
    let mut program = Command::new(env!("CARGO_BIN_EXE_vpp-sim"))
        .arg("--socket")
        .arg(&socket)
        .args(["--release", "v23.02", "--fault", "show_version=retval:-7"])
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

    let id = program.id().to_string();
    Command::new("kill").args(["-TERM", &id]).status().unwrap();
    assert!(program.wait().unwrap().success());
    assert!(!socket.exists());
}

//! A simulated VPP.

use std::path::PathBuf;
use std::process::Stdio;

use vpp_bindings::client::Client;
use vpp_bindings::interface::{CreateLoopback, DeleteLoopback};
use vpp_sim::stats::InterfaceCounter;
use vpp_sim::{Sim, SimThread};

use crate::program::{command, stdout};

/// A simulated VPP with a stats segment, and a folder with its sockets.
pub fn simulate() -> (tempfile::TempDir, SimThread, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let socket = folder.path().join("stats.sock");
    let sim = Sim::builder().stats_socket(&socket).start_thread().unwrap();
    (folder, sim, socket)
}

#[test]
fn interfaces_appear_and_disappear() {
    let (_folder, sim, socket) = simulate();
    let socket = socket.to_str().unwrap();
    let client = Client::builder()
        .socket(sim.socket())
        .connect_blocking()
        .unwrap();
    let loopback = client.call(CreateLoopback::default()).unwrap().sw_if_index;
    let stats = sim.stats().unwrap();
    let rx = InterfaceCounter::Rx;
    stats.set_interface_counter(loopback.0, rx, 3, 300).unwrap();
    let show = || {
        stdout(&[
            "--socket",
            socket,
            "get",
            "/if/rx",
            "/if/names",
            "--no-zeros",
        ])
    };
    assert_eq!(
        show(),
        "/if/rx[1] (loop0): 3 packets, 300 bytes\n/if/names[0]: local0\n/if/names[1]: loop0\n"
    );
    client
        .call(DeleteLoopback {
            sw_if_index: loopback,
        })
        .unwrap();
    assert_eq!(show(), "/if/names[0]: local0\n/if/names[1]: deleted\n");
}

#[test]
fn watch_shows_what_changes_per_second() {
    let (_folder, sim, socket) = simulate();
    let mut child = command(&["--socket", socket.to_str().unwrap(), "watch", "^/if/rx$"])
        .args(["--count", "1", "--interval", "2"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let stats = sim.stats().unwrap();
    // Whenever the program has its first reading, the counter changes after it.
    while child.try_wait().unwrap().is_none() {
        stats
            .add_interface_counter(0, InterfaceCounter::Rx, 1, 100)
            .unwrap();
    }
    let output = child.wait_with_output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let rows: Vec<Vec<&str>> = text
        .lines()
        .map(|it| it.split_whitespace().collect())
        .collect();
    assert_eq!(rows.len(), 3, "{text}");
    assert_eq!(rows[0], ["PER", "SECOND", "VALUE", "NAME"]);
    assert_eq!(rows[1][2..], ["/if/rx", "local0", "bytes"]);
    assert_eq!(rows[2][2..], ["/if/rx", "local0", "packets"]);
    let rate = |row: usize| rows[row][0].parse::<f64>().unwrap();
    assert!(rate(2) > 0.0);
    assert!((rate(1) / rate(2) - 100.0).abs() < 1.0, "{text}");
}

#[test]
fn watch_continues_after_a_restart() {
    let (_folder, sim, socket) = simulate();
    let child = command(&[
        "--socket",
        socket.to_str().unwrap(),
        "watch",
        "--all",
        "heartbeat",
    ])
    .args(["--count", "8", "--interval", "0.3"])
    .stdout(Stdio::piped())
    .stderr(Stdio::piped())
    .spawn()
    .unwrap();
    sim.restart();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("/sys/heartbeat"), "{text}");
}

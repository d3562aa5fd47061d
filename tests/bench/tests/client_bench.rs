//! client-bench against the simulator.

#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

use std::process::Command;

use serde_json::Value;
use vpp_sim::Sim;

fn stdout(options: &[&str]) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_client-bench"));
    command.args(options).env_remove("VPP_API_SOCKET");
    let output = command.output().unwrap();
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn all_work_is_measured_on_the_own_simulator() {
    let out = stdout(&[
        "--rounds",
        "1",
        "--seconds",
        "0.02",
        "--interfaces",
        "50",
        "--json",
    ]);
    let report: Value = serde_json::from_str(&out).unwrap();
    let figures = report["figures"].as_array().unwrap();
    assert_eq!(figures.len(), 6);
    for figure in figures {
        for rate in ["client_per_second", "raw_socket_per_second", "ratio"] {
            assert!(figure[rate].as_f64().unwrap() > 0.0, "{figure}");
        }
    }
    assert_eq!(figures[5]["items_per_call"], 51.0);
}

#[test]
fn created_loopbacks_are_tagged_and_removed() {
    let sim = Sim::builder().start_thread().unwrap();
    let socket = sim.socket().to_str().unwrap();
    let out = stdout(&[
        "--rounds",
        "1",
        "--seconds",
        "0.01",
        "--socket",
        socket,
        "--create",
        "100",
    ]);
    assert!(out.contains("a dump has 101 details"), "{out}");
    assert_eq!(sim.state().interfaces().count(), 1);
    let requests = sim.requests().into_iter();
    let tags = requests.filter(|it| *it == "sw_interface_tag_add_del");
    assert_eq!(tags.count(), 100);
}

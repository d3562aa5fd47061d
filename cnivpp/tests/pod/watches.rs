use std::io::{BufRead, BufReader};
use std::process::Child;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;

use crate::support::{Container, states};

/// The program with `--watch`. It is killed when it is dropped.
struct Watching {
    child: Child,
    lines: Receiver<String>,
}

impl Watching {
    fn new(container: &Container) -> Self {
        let mut child = container.command().arg("--watch").spawn().unwrap();
        let out = BufReader::new(child.stdout.take().unwrap());
        let (sender, lines) = channel();
        std::thread::spawn(move || {
            for line in out.lines().map_while(Result::ok) {
                // The receiver may be dropped.
                let _ = sender.send(line);
            }
        });
        Self { child, lines }
    }

    /// Waits for a report that matches.
    fn wait_for(&mut self, matches: impl Fn(&Value) -> bool) -> Value {
        loop {
            let line = self.lines.recv_timeout(Duration::from_secs(60));
            let line = line.expect("the program reports in time");
            let report = serde_json::from_str(&line).unwrap();
            if matches(&report) {
                return report;
            }
        }
    }

    fn wait_for_states(&mut self, expected: &[(&str, &str)]) {
        self.wait_for(|report| {
            let states = states(report);
            let states: Vec<_> = states.iter().map(|it| (&*it.0, &*it.1)).collect();
            states == expected
        });
    }
}

impl Drop for Watching {
    fn drop(&mut self) {
        // It may have exited already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn later_interfaces_and_a_restarted_vpp_are_configured() {
    let container = Container::new();
    let one = container.attachment("net1");
    let two = container.attachment("net2");
    let mut watching = Watching::new(&container);
    container.write(&one);
    watching.wait_for_states(&[("net1", "configured")]);
    container.write(&two);
    watching.wait_for_states(&[("net1", "unchanged"), ("net2", "configured")]);
    container.sim.restart();
    watching.wait_for_states(&[("net1", "configured"), ("net2", "configured")]);
    container.assert_has(&[one, two]);
}

#[test]
fn a_malformed_file_is_reported_until_it_is_replaced() {
    let container = Container::new();
    let one = container.attachment("net1");
    let name = "configData-0958c8871b32-net1.json";
    std::fs::write(container.path(name), "{").unwrap();
    let mut watching = Watching::new(&container);
    watching.wait_for(|it| it["problems"].as_array().is_some_and(|it| it.len() == 1));
    let audience = cnivpp::handover::Audience::default();
    cnivpp::handover::write_config_data(&container.dir, &one, audience).unwrap();
    let report = watching.wait_for(|it| !states(it).is_empty());
    assert_eq!(report["problems"], Value::Array(Vec::new()));
    container.assert_has(&[one]);
}

#[test]
fn a_signal_stops_the_program() {
    for signal in [Signal::TERM, Signal::INT] {
        let container = Container::new();
        container.write(&container.attachment("net1"));
        let mut watching = Watching::new(&container);
        watching.wait_for_states(&[("net1", "configured")]);
        kill_process(Pid::from_child(&watching.child), signal).unwrap();
        assert_eq!(watching.child.wait().unwrap().code(), Some(0));
        container.assert_has(&[container.attachment("net1")]);
    }
}

/// VPP forgets the rx mode when the connection is lost.
#[test]
fn the_rx_mode_is_set_again_after_a_reconnect() {
    let container = Container::new();
    container.write(&container.attachment("net1"));
    let mut watching = Watching::new(&container);
    watching.wait_for_states(&[("net1", "configured")]);
    let mut builder = tokio::runtime::Builder::new_current_thread();
    let runtime = builder.enable_time().build().unwrap();
    for _ in 0..2 {
        container.sim.set_peer(1, true).unwrap();
        container.sim.clear_requests();
        let set = container.sim.wait_for_request("sw_interface_set_rx_mode");
        let set =
            runtime.block_on(async { tokio::time::timeout(Duration::from_secs(60), set).await });
        assert!(set.is_ok());
        container.sim.set_peer(1, false).unwrap();
    }
}

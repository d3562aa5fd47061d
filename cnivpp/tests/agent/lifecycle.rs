use std::fs;
use std::time::{Duration, Instant};

use rustix::process::Signal;

use crate::agent::{Agent, address, command};
use crate::node::Node;

#[test]
fn a_signal_ends_the_agent_at_once() {
    for signal in [Signal::TERM, Signal::INT] {
        let node = Node::new();
        let agent = Agent::start(&node);
        let socket = agent.socket().clone();
        let start = Instant::now();
        assert!(agent.stop(signal).success());
        assert!(start.elapsed() < Duration::from_secs(1));
        assert!(!socket.exists());
    }
}

#[test]
fn a_signal_ends_the_agent_while_vpp_hangs() {
    let node = Node::new();
    node.add(&node.bridged(), "box1");
    node.sim.restart();
    node.sim.pause();
    let agent = Agent::start(&node);
    let start = Instant::now();
    assert!(agent.stop(Signal::TERM).success());
    assert!(start.elapsed() < Duration::from_secs(1));
    node.sim.resume();
}

#[test]
fn a_second_agent_is_rejected() {
    let node = Node::new();
    let _agent = Agent::start(&node);
    let second = command(&node, &address(&node)).output().unwrap();
    assert_eq!(second.status.code(), Some(1));
    let text = String::from_utf8(second.stderr).unwrap();
    assert!(
        text.contains("another agent uses the state folder"),
        "{text}"
    );
}

#[test]
fn an_agent_that_was_killed_is_replaced() {
    let node = Node::new();
    let agent = Agent::start(&node);
    agent.stop(Signal::KILL);
    assert!(node.path("vpp/agent.sock").exists());
    Agent::start(&node).wait_until_ready();
}

#[test]
fn other_addresses_are_rejected() {
    let node = Node::new();
    for address in ["0.0.0.0:0", "unix:relative", "x"] {
        let output = command(&node, address).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{address}");
    }
    let file = node.path("vpp/file");
    fs::write(&file, "not a socket").unwrap();
    let address = format!("unix:{}", file.display());
    let output = command(&node, &address).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(fs::read_to_string(file).unwrap(), "not a socket");
}

/// A set-aside record is reported by doctor; the others are restored.
#[test]
fn an_unreadable_record_does_not_stop_the_agent() {
    let node = Node::new();
    let conf = node.bridged();
    let result = node.add(&conf, "box1");
    fs::write(
        node.path("s/data/local-box2-net1-0123456789abcdef.json"),
        "{",
    )
    .unwrap();
    node.sim.restart();
    let agent = Agent::start(&node);
    agent.wait_until_ready();
    node.check(&conf, "box1", &result).assert_silent_success();
}

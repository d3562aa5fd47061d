use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixStream;

use serde_json::Value;

use crate::agent::Agent;
use crate::call::Call;
use crate::node::Node;

#[test]
fn every_line_of_the_metrics_is_open_metrics() {
    let node = Node::new();
    node.add(&node.bridged(), "box1");
    let agent = Agent::start(&node);
    agent.wait_until_ready();
    let (status, text) = agent.get("/metrics").unwrap();
    assert_eq!(status, 200);
    assert!(text.ends_with("# EOF\n"), "{text}");
    let mut names = Vec::new();
    for line in text.lines() {
        if let Some(comment) = line.strip_prefix("# ") {
            let word = comment.split(' ').next().unwrap();
            assert!(["HELP", "TYPE", "UNIT", "EOF"].contains(&word), "{line}");
            continue;
        }
        let (key, value) = line.rsplit_once(' ').unwrap();
        assert!(value.parse::<f64>().is_ok(), "{line}");
        let name = key.split('{').next().unwrap();
        assert!(name.starts_with("userspace_"), "{line}");
        names.push(name.to_owned());
    }
    for name in [
        "userspace_vpp_up",
        "userspace_vpp_runs_total",
        "userspace_attachments",
        "userspace_restore_outcomes_total",
        "userspace_restore_duration_seconds_bucket",
        "userspace_last_restore_timestamp_seconds",
        "userspace_swept_attachments_total",
    ] {
        assert!(
            names.iter().any(|it| it == name),
            "{name} is missing in {text}"
        );
    }
    assert_eq!(agent.metric("userspace_attachments{state=\"ready\"}"), 1.0);
}

#[test]
fn attachments_are_listed_with_their_last_outcome() {
    let node = Node::new();
    let conf = node.bridged();
    node.add(&conf, "box1");
    node.sim.restart();
    let agent = Agent::start(&node);
    agent.wait_until_ready();
    let list = || -> Value { serde_json::from_str(&agent.get("/attachments").unwrap().1).unwrap() };
    let rows = list();
    assert_eq!(rows[0]["containerId"], "box1");
    assert_eq!(rows[0]["lastRestore"]["outcome"], "restored");
    node.del(&conf, "box1");
    assert_eq!(list(), serde_json::json!([]));
}

#[test]
fn other_requests_are_rejected() {
    let node = Node::new();
    let agent = Agent::start(&node);
    assert_eq!(agent.get("/x").unwrap().0, 404);
    let long = format!("/{}", "x".repeat(100_000));
    assert!(agent.get(&long).is_none_or(|it| it.0 >= 400));
    let mode = agent.socket().metadata().unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o660);
}

/// Clients that connect and send nothing use up the connections for a limited time only.
#[test]
fn idle_clients_do_not_block_the_agent() {
    let node = Node::new();
    let agent = Agent::start(&node);
    let connect = || UnixStream::connect(agent.socket()).unwrap();
    let idle: Vec<UnixStream> = (0..40).map(|_| connect()).collect();
    assert_eq!(agent.get("/healthz").unwrap().0, 200);
    drop(idle);
}

#[test]
fn the_health_command_shows_the_answer() {
    let mut node = Node::new();
    let address = crate::agent::address(&node);
    let health = |more: &[&str]| {
        let arguments = ["health", &address, "--timeout", "5"];
        Call::operator(arguments.iter().chain(more).copied()).run()
    };
    assert!(!health(&[]).is_success());
    let agent = Agent::start(&node);
    agent.wait_until_ready();
    assert_eq!(health(&["--ready"]).stdout(), "ok\n");
    node.stop_vpp();
    crate::agent::wait_until("VPP is down", || !health(&["--ready"]).is_success());
    let text = health(&["--ready"]).stderr();
    assert!(text.contains("is down"), "{text}");
    assert_eq!(health(&[]).stdout(), "ok\n");
    drop(agent);
    node.start_vpp();
}

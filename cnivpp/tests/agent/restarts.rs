use std::fs;

use serde_json::json;

use crate::agent::{Agent, wait_until};
use crate::node::{Node, with};

/// The metric that counts the runs of VPP.
fn runs(node: &Node) -> String {
    let socket = node.text("vpp/api.sock");
    format!("userspace_vpp_runs_total{{socket=\"{socket}\"}}")
}

#[test]
fn attachments_are_restored_after_each_restart_of_vpp() {
    let mut node = Node::new();
    let (bridged, routed) = (node.bridged(), node.routed());
    let results = [
        (&bridged, "box1", node.add(&bridged, "box1")),
        (&bridged, "box2", node.add(&bridged, "box2")),
        (
            &routed,
            "box3",
            node.add(&with(&routed, "name", &json!("other")), "box3"),
        ),
    ];
    let agent = Agent::start(&node);
    agent.wait_until_ready();
    for run in 2..6 {
        node.stop_vpp();
        wait_until("the agent sees that VPP is down", || {
            agent.get("/readyz").is_some_and(|it| it.0 == 503)
        });
        node.start_vpp();
        agent.wait_until_ready();
        assert_eq!(agent.metric(&runs(&node)), f64::from(run));
        for (conf, container, result) in &results {
            let name = if *container == "box3" { "other" } else { "net" };
            let conf = with(conf, "name", &json!(name));
            node.check(&conf, container, result).assert_silent_success();
        }
    }
    let restored = agent.metric("userspace_restore_outcomes_total{outcome=\"restored\"}");
    assert_eq!(restored, 12.0);
}

#[test]
fn the_agent_restores_when_it_starts() {
    let node = Node::new();
    let conf = node.bridged();
    let result = node.add(&conf, "box1");
    node.sim.restart();
    let agent = Agent::start(&node);
    agent.wait_until_ready();
    node.check(&conf, "box1", &result).assert_silent_success();
}

/// VPP's process ID and socket file may be those of the run before.
#[test]
fn attachments_are_restored_after_each_reconnect() {
    let node = Node::new();
    let conf = node.bridged();
    let result = node.add(&conf, "box1");
    let agent = Agent::start(&node);
    agent.wait_until_ready();
    for run in 1..4 {
        node.sim.restart();
        wait_until("it is restored", || {
            agent.metric("userspace_restore_outcomes_total{outcome=\"restored\"}") >= f64::from(run)
        });
        node.check(&conf, "box1", &result).assert_silent_success();
    }
}

#[test]
fn del_while_vpp_is_down_is_completed_and_not_restored() {
    let mut node = Node::new();
    let conf = node.bridged();
    let kept = node.add(&conf, "box1");
    node.add(&conf, "box2");
    let agent = Agent::start(&node);
    agent.wait_until_ready();
    node.stop_vpp();
    node.del(&conf, "box2");
    node.start_vpp();
    agent.wait_until_ready();
    node.check(&conf, "box1", &kept).assert_silent_success();
    wait_until("the record is swept", || {
        let list = node.operator(&["list", "--json"]).result();
        list.as_array().unwrap().len() == 1
    });
    assert_eq!(node.sim.state().memifs().count(), 1);
    assert_eq!(agent.metric("userspace_swept_attachments_total"), 1.0);
}

#[test]
fn attachments_of_an_earlier_boot_are_removed() {
    let node = Node::new();
    let conf = node.bridged();
    node.add(&conf, "box1");
    let data = node
        .path("s/data")
        .read_dir()
        .unwrap()
        .map(|it| it.unwrap().path());
    let record = data.filter(|it| it.extension().is_some()).last().unwrap();
    let text = fs::read_to_string(&record).unwrap();
    let boot = fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap();
    fs::write(&record, text.replace(boot.trim(), "an-earlier-boot")).unwrap();
    fs::remove_file(node.path("s/pending/boot.json")).unwrap();
    let agent = Agent::start(&node);
    wait_until("it is removed", || {
        agent.metric("userspace_swept_attachments_total") == 1.0
    });
    agent.stop(rustix::process::Signal::TERM);
    node.assert_clean();
}

/// Pods come and go while 200 attachments are restored, and VPP restarts in between.
#[test]
fn adds_and_dels_proceed_during_a_restore() {
    let mut node = Node::new();
    let conf = node.bridged();
    for container in 0..200 {
        node.add(&conf, &format!("box{container}"));
    }
    let agent = Agent::start(&node);
    agent.wait_until_ready();
    node.stop_vpp();
    node.start_vpp();
    for container in 0..10 {
        node.del(&conf, &format!("box{container}"));
        node.add(&conf, &format!("new{container}"));
        if container == 5 {
            node.stop_vpp();
            node.start_vpp();
        }
    }
    agent.wait_until_ready();
    wait_until("all are present", || {
        node.sim.state().memifs().count() == 200
    });
    let list = node.operator(&["list", "--json"]).result();
    let rows = list.as_array().unwrap();
    assert_eq!(rows.len(), 200);
    assert!(rows.iter().all(|it| it["state"] == "ready"));
    assert_eq!(node.sim.crashes(), Vec::<String>::new());
}

#[test]
fn one_failing_attachment_does_not_stop_the_others() {
    let mut node = Node::new();
    let conf = node.bridged();
    let result = node.add(&conf, "box1");
    let folder = node.path("kubernetes.io~empty-dir");
    fs::create_dir(&folder).unwrap();
    let shared = with(&conf, "sharedDir", &json!(folder));
    let shared = with(&shared, "paths", &json!({"host": folder, "pod": "/s"}));
    node.add(&shared, "box0");
    let agent = Agent::start(&node);
    agent.wait_until_ready();
    fs::remove_dir_all(&folder).unwrap();
    node.stop_vpp();
    node.start_vpp();
    wait_until("the other is restored", || {
        node.check(&conf, "box1", &result).is_success()
    });
    wait_until("the failure is reported", || {
        agent
            .get("/readyz")
            .is_some_and(|it| it.1.contains("lacks 1 attachments"))
    });
    let (_, attachments) = agent.get("/attachments").unwrap();
    assert!(attachments.contains("kubeletRoot"), "{attachments}");
    // It is tried again without a restart.
    fs::create_dir(&folder).unwrap();
    agent.wait_until_ready();
}

#[test]
fn memory_does_not_grow_with_restarts() {
    let mut node = Node::new();
    let conf = node.bridged();
    for container in 0..5 {
        node.add(&conf, &format!("box{container}"));
    }
    let agent = Agent::start(&node);
    let rss = || {
        let text = fs::read_to_string(format!("/proc/{}/status", agent.pid())).unwrap();
        let line = text.lines().find(|it| it.starts_with("VmRSS:")).unwrap();
        line.split_whitespace()
            .nth(1)
            .unwrap()
            .parse::<u64>()
            .unwrap()
    };
    let mut after_first = 0;
    for run in 0..50 {
        agent.wait_until_ready();
        if run == 10 {
            after_first = rss();
        }
        node.stop_vpp();
        wait_until("VPP is down", || {
            agent.get("/readyz").is_some_and(|it| it.0 == 503)
        });
        node.start_vpp();
    }
    agent.wait_until_ready();
    let now = rss();
    assert!(
        now < after_first + 2048,
        "{after_first} KiB, then {now} KiB"
    );
}

#[test]
fn attachments_of_two_vpps_are_restored() {
    let node = Node::new();
    let second = vpp_sim::Sim::builder()
        .socket(node.path("vpp/second.sock"))
        .start_thread()
        .unwrap();
    let conf = node.bridged();
    let other = with(&conf, "vppSocket", &json!(second.socket()));
    let results = [node.add(&conf, "box1"), node.add(&other, "box2")];
    let agent = Agent::start(&node);
    agent.wait_until_ready();
    for run in 1..3 {
        node.sim.restart();
        second.restart();
        wait_until("both are restored", || {
            let outcome = "userspace_restore_outcomes_total{outcome=\"restored\"}";
            agent.metric(outcome) >= 2.0 * f64::from(run)
        });
        node.check(&conf, "box1", &results[0])
            .assert_silent_success();
        node.check(&other, "box2", &results[1])
            .assert_silent_success();
    }
    // Without a record, the second VPP is no longer watched.
    node.del(&other, "box2");
    drop(second);
    agent.wait_until_ready();
}

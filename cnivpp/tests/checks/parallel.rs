//! Concurrent calls, and many attachments.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::call::{Reply, Running};
use crate::node::{Node, with};

fn start(node: &Node, verb: &str, conf: &Value, containers: &[String]) -> Vec<Running> {
    let all = containers.iter();
    all.map(|it| node.call(verb, conf, it, "net1").start())
        .collect()
}

fn wait(all: Vec<Running>) -> Vec<Reply> {
    all.into_iter().map(Running::wait).collect()
}

fn names(count: usize) -> Vec<String> {
    (0..count).map(|number| format!("box{number}")).collect()
}

#[test]
fn check_08_parallel_adds_and_dels_direct() {
    let node = Node::new();
    let boxes = names(32);
    for conf in [node.bridged(), node.routed()] {
        let results = wait(start(&node, "ADD", &conf, &boxes));
        let results: Vec<Value> = results.iter().map(Reply::result).collect();
        let ips: BTreeSet<_> = results
            .iter()
            .map(|it| it["ips"][0]["address"].to_string())
            .collect();
        assert_eq!(ips.len(), boxes.len());
        let state = node.sim.state();
        assert_eq!(state.memifs().count(), boxes.len());
        let sockets: BTreeSet<u32> = state.memifs().map(|it| it.request.socket_id).collect();
        assert_eq!(sockets.len(), boxes.len());
        if let Some(bridge) = state.bridge(4) {
            assert_eq!(bridge.members.len(), boxes.len());
        }
        drop(state);
        for (container, result) in boxes.iter().zip(&results).step_by(8) {
            node.check(&conf, container, result).assert_silent_success();
        }
        for reply in wait(start(&node, "DEL", &conf, &boxes)) {
            reply.assert_silent_success();
        }
        node.assert_clean();
    }
}

#[test]
fn check_08_concurrent_adds_and_dels_in_one_bridge_domain_direct() {
    let node = Node::new();
    let (even, odd) = (
        names(12),
        (12..24).map(|it| format!("box{it}")).collect::<Vec<_>>(),
    );
    for conf in [node.bridged(), node.routed()] {
        for reply in wait(start(&node, "ADD", &conf, &even)) {
            reply.result();
        }
        // The last ports leave the bridge domain while others join.
        for _ in 0..2 {
            let dels = start(&node, "DEL", &conf, &even);
            let adds = start(&node, "ADD", &conf, &odd);
            for reply in wait(dels) {
                reply.assert_silent_success();
            }
            for reply in wait(adds) {
                reply.result();
            }
            assert_eq!(node.sim.state().memifs().count(), odd.len());
            let dels = start(&node, "DEL", &conf, &odd);
            let adds = start(&node, "ADD", &conf, &even);
            for reply in wait(dels) {
                reply.assert_silent_success();
            }
            for reply in wait(adds) {
                reply.result();
            }
            assert_eq!(node.sim.state().memifs().count(), even.len());
        }
        for reply in wait(start(&node, "DEL", &conf, &even)) {
            reply.assert_silent_success();
        }
        node.assert_clean();
    }
}

#[test]
fn check_08_concurrent_adds_of_one_attachment_direct() {
    let node = Node::new();
    for conf in [node.bridged(), node.routed()] {
        let same = vec!["box1".to_owned(); 8];
        let replies = wait(start(&node, "ADD", &conf, &same));
        let added = replies.iter().filter(|it| it.is_success()).count();
        assert_eq!(added, 1);
        for rejected in replies.iter().filter(|it| !it.is_success()) {
            assert_eq!(rejected.code(), 7, "{rejected}");
        }
        assert_eq!(node.allocated(), 1);
        for reply in wait(start(&node, "DEL", &conf, &same)) {
            reply.assert_silent_success();
        }
        node.assert_clean();
    }
}

#[test]
fn check_08_del_during_add_of_the_same_attachment_direct() {
    let node = Node::new();
    let conf = node.routed();
    for _ in 0..8 {
        let add = node.call("ADD", &conf, "box1", "net1").start();
        let dels = start(&node, "DEL", &conf, &vec!["box1".to_owned(); 2]);
        let added = add.wait();
        for reply in wait(dels) {
            reply.assert_silent_success();
        }
        if !added.is_success() {
            added.error();
        }
        node.del(&conf, "box1");
        node.assert_clean();
    }
}

#[test]
fn check_08_gc_during_adds_direct() {
    let node = Node::new();
    let conf = with(&node.routed(), "cniVersion", &json!("1.1.0"));
    let boxes = names(8);
    let all: Value = boxes
        .iter()
        .map(|it| json!({"containerID": it, "ifname": "net1"}))
        .collect();
    let gc = with(&conf, "cni.dev/valid-attachments", &all);
    node.add(&conf, "stale");
    let adds = start(&node, "ADD", &conf, &boxes);
    let gcs: Vec<_> = (0..4)
        .map(|_| node.call("GC", &gc, "", "").start())
        .collect();
    for reply in wait(gcs) {
        reply.assert_silent_success();
    }
    for reply in wait(adds) {
        reply.result();
    }
    assert_eq!(node.sim.state().memifs().count(), boxes.len());
    assert_eq!(node.allocated(), boxes.len());
    for container in &boxes {
        node.del(&conf, container);
    }
    node.assert_clean();
}

#[test]
fn check_09_storm_of_adds_and_dels_direct() {
    storm(40);
}

#[test]
#[ignore = "takes some minutes"]
fn check_09_storm_of_a_thousand_adds_and_dels_direct() {
    storm(1000);
}

/// Adds and deletes containers in groups of eight concurrent calls.
fn storm(count: usize) {
    let node = Node::new();
    for (number, group) in names(count).chunks(8).enumerate() {
        let conf = if number % 2 == 0 {
            node.bridged()
        } else {
            node.routed()
        };
        for reply in wait(start(&node, "ADD", &conf, group)) {
            reply.result();
        }
        for reply in wait(start(&node, "DEL", &conf, group)) {
            reply.assert_silent_success();
        }
    }
    node.assert_clean();
}

#[test]
fn check_09_many_attachments_in_a_row_direct() {
    row(40);
}

#[test]
#[ignore = "takes some minutes"]
fn check_09_a_thousand_attachments_in_a_row_direct() {
    row(1000);
}

/// Adds attachments one after the other, and deletes them after all exist.
fn row(count: usize) {
    let node = Node::new();
    let mut conf = node.routed();
    conf["ipam"]["prefix"] = json!(16);
    let boxes = names(count);
    let mut ips = BTreeSet::new();
    for container in &boxes {
        let result = node.add(&conf, container);
        ips.insert(result["ips"][0]["address"].to_string());
    }
    assert_eq!(ips.len(), count);
    assert_eq!(node.sim.state().memifs().count(), count);
    assert_eq!(node.allocated(), count);
    let list = node.operator(&["list", "--json"]).result();
    assert_eq!(list.as_array().unwrap().len(), count);
    for container in &boxes {
        node.del(&conf, container);
    }
    node.assert_clean();
}

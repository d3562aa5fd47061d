//! Restarts of containers, of VPP and of the node, and migration from the Go plugin.

use std::fs;
use std::path::PathBuf;

use cnivpp::api::{interface, memif as vpp_memif, route};
use serde_json::{Value, json};
use vpp_sim::Sim;

use crate::node::{Node, memif, with};

/// Returns the path of the only record.
fn record(node: &Node) -> PathBuf {
    let files = node.path("s/data").read_dir().unwrap();
    let mut files = files.map(|it| it.unwrap().path());
    files
        .find(|it| it.extension().is_some_and(|it| it == "json"))
        .unwrap()
}

/// Changes a key of the only record.
fn edit(node: &Node, key: &str, value: &Value) {
    let path = record(node);
    let mut text: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    text[key] = value.clone();
    fs::write(path, text.to_string()).unwrap();
}

#[test]
fn a_second_add_in_the_same_network_namespace_is_rejected_direct() {
    let node = Node::new();
    for conf in [node.bridged(), node.routed()] {
        let result = node.add(&conf, "box1");
        let before = (node.vpp(), node.files());
        for _ in 0..2 {
            let error = node.call("ADD", &conf, "box1", "net1").run().error();
            assert_eq!(error["code"], 7, "{error}");
            assert_eq!(error["details"], "call DEL first");
        }
        assert_eq!((node.vpp(), node.files()), before);
        node.check(&conf, "box1", &result).assert_silent_success();
        node.del(&conf, "box1");
        node.assert_clean();
    }
}

#[test]
fn a_container_with_a_new_network_namespace_is_added_again_direct() {
    let node = Node::new();
    for conf in [node.bridged(), node.routed()] {
        node.add(&conf, "box1");
        let again = node.call("ADD", &conf, "box1", "net1");
        let netns = node.netns("another");
        let again = again.with("CNI_NETNS", &netns).run().result();
        assert_eq!(again["interfaces"][0]["sandbox"], json!(netns));
        assert_eq!(node.allocated(), 1);
        assert_eq!(node.sim.state().memifs().count(), 1);
        node.del(&conf, "box1");
        node.assert_clean();
    }
}

#[test]
fn the_first_add_after_a_reboot_removes_older_attachments_direct() {
    let node = Node::new();
    let conf = node.routed();
    node.add(&conf, "old");
    edit(
        &node,
        "bootId",
        &json!("00000000-0000-4000-8000-000000000000"),
    );
    fs::remove_file(node.path("s/pending/boot.json")).unwrap();
    node.sim.restart();
    node.add(&conf, "new");
    assert_eq!(node.allocated(), 1);
    assert_eq!(
        node.operator(&["list", "--json"])
            .result()
            .as_array()
            .unwrap()
            .len(),
        1
    );
    node.del(&conf, "new");
    node.assert_clean();
}

#[test]
fn check_16_del_uses_the_vpp_socket_of_the_record_direct() {
    let node = Node::new();
    let other = Sim::builder().start_thread().unwrap();
    let conf = node.routed();
    node.add(&conf, "box1");
    // The record has the socket of the VPP with the interface.
    let moved = with(&conf, "vppSocket", &json!(other.socket()));
    let before = other.state().holdings();
    node.del(&moved, "box1");
    assert_eq!(other.state().holdings(), before);
    node.assert_clean();
}

#[test]
fn restore_recreates_only_missing_objects_direct() {
    let node = Node::new();
    let conf = node.routed();
    let kept = node.add(&conf, "kept");
    let lost = node.add(&conf, "lost");
    let index = {
        let state = node.sim.state();
        let found = state
            .interfaces()
            .find(|it| it.tag.ends_with(":lost"))
            .unwrap();
        found.sw_if_index
    };
    let before = node.vpp();
    node.on_vpp(async |client| {
        let index = cnivpp::api::InterfaceIndex(index);
        interface::set_admin_up(client, index, false).await.unwrap();
        let ip: std::net::IpAddr = "10.9.0.3".parse().unwrap();
        let path = route::Path {
            sw_if_index: Some(index),
            next_hop: Some(ip),
        };
        let route = route::Route {
            table_id: 0,
            prefix: ip.into(),
            paths: vec![path],
        };
        route::delete(client, &route).await.unwrap();
    });
    assert!(node.operator(&["restore"]).is_success());
    assert_eq!(node.vpp(), before);
    for (container, result) in [("kept", &kept), ("lost", &lost)] {
        node.check(&conf, container, result).assert_silent_success();
        node.del(&conf, container);
    }
    node.assert_clean();
}

const CID: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

/// Creates an attachment as the Go plugin does: an untagged memif and a record with numbers.
fn add_like_go_plugin(node: &Node, container: &str) -> u32 {
    let start = &container[..12];
    let folder = node.path("sh").join(start);
    fs::create_dir_all(&folder).unwrap();
    let socket = folder.join(format!("memif-{start}-net1.sock"));
    let index = node.on_vpp(async |client| {
        let socket = socket.to_str().unwrap();
        let socket_id = vpp_memif::add_socket(client, None, socket).await.unwrap();
        let create = vpp_memif::Create {
            socket_id,
            ..Default::default()
        };
        vpp_memif::create(client, &create).await.unwrap().0
    });
    fs::create_dir_all(node.path("s/data")).unwrap();
    let record = node.path("s/data").join(format!("local-{start}-net1.json"));
    fs::write(
        record,
        json!({"swIfIndex": index, "memifSocketId": 1}).to_string(),
    )
    .unwrap();
    index
}

#[test]
fn del_removes_only_the_attachment_of_the_go_plugin_direct() {
    let node = Node::new();
    let conf = with(
        &node.conf(&memif(&json!({}))),
        "sharedDir",
        &json!(node.path("sh")),
    );
    let result = node.add(&conf, "box1");
    add_like_go_plugin(&node, CID);
    node.del(&conf, CID);
    node.check(&conf, "box1", &result).assert_silent_success();
    assert_eq!(node.sim.state().memifs().count(), 1);
    // After a restart, VPP gives the number in the record to another interface.
    let index = add_like_go_plugin(&node, CID);
    node.sim.restart();
    assert!(node.operator(&["restore"]).is_success());
    node.on_vpp(async |client| {
        while node.sim.state().interface(index).is_err() {
            interface::create_loopback(client, None).await.unwrap();
        }
    });
    let before = node.vpp();
    node.del(&conf, CID);
    assert_eq!(node.vpp(), before);
    node.check(&conf, "box1", &result).assert_silent_success();
    let left = node.path("s/data").join("local-0123456789ab-net1.json");
    assert!(!left.exists());
}

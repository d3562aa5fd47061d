//! DEL succeeds no matter what is missing.

use serde_json::json;

use crate::node::{Node, with};

#[test]
fn check_13_del_is_repeatable_and_needs_no_add_direct() {
    let node = Node::new();
    for conf in [node.bridged(), node.routed()] {
        node.add(&conf, "other");
        let before = (node.vpp(), node.files());
        // Never added.
        node.del(&conf, "box1");
        assert_eq!((node.vpp(), node.files()), before);
        // Added and deleted, twice.
        node.add(&conf, "box1");
        node.del(&conf, "box1");
        node.del(&conf, "box1");
        assert_eq!((node.vpp(), node.files()), before);
        node.del(&conf, "other");
        node.assert_clean();
    }
}

#[test]
fn check_13_del_without_a_record_keeps_the_interface_direct() {
    let node = Node::new();
    let conf = node.bridged();
    node.add(&conf, "box1");
    std::fs::remove_dir_all(node.path("s/data")).unwrap();
    let vpp = node.vpp();
    node.del(&conf, "box1");
    assert_eq!(node.vpp(), vpp);
    assert_eq!(node.allocated(), 0, "IPAM has its own records");
    // The operator finds the interface by its tag.
    let doctor = node.operator(&["doctor"]);
    assert!(doctor.stdout().contains("cni:"), "{doctor}");
    node.operator(&["gc", "--orphans"]);
    assert_eq!(node.sim.state().memifs().count(), 0);
}

#[test]
fn check_14_del_with_an_empty_or_deleted_netns_direct() {
    let node = Node::new();
    let conf = node.routed();
    for netns in ["", "absent", "changed"] {
        node.add(&conf, "box1");
        let call = node.call("DEL", &conf, "box1", "net1");
        let call = match netns {
            "" => call.without("CNI_NETNS"),
            "absent" => {
                std::fs::remove_file(node.netns("box1")).unwrap();
                call
            }
            _ => call.with("CNI_NETNS", node.netns("other")),
        };
        call.run().assert_silent_success();
        node.assert_clean();
    }
}

#[test]
fn check_15_del_with_vpp_down_releases_the_address_and_the_socket_direct() {
    let mut node = Node::new();
    for conf in [node.bridged(), node.routed()] {
        node.add(&conf, "box1");
        node.stop_vpp();
        node.del(&conf, "box1");
        assert_eq!(node.allocated(), 0);
        let sockets = node.path("s/shared").read_dir().unwrap().count();
        assert_eq!(sockets, 0);
        node.del(&conf, "box1");
        // The next ADD removes the rest.
        node.start_vpp();
        node.add(&conf, "box2");
        node.del(&conf, "box2");
        node.assert_clean();
    }
}

#[test]
fn check_15_add_with_vpp_down_leaves_nothing_direct() {
    let mut node = Node::new();
    let conf = node.routed();
    node.stop_vpp();
    assert_eq!(node.call("ADD", &conf, "box1", "net1").run().code(), 11);
    node.start_vpp();
    node.assert_clean();
}

#[test]
fn check_16_an_interface_with_a_reused_index_is_not_removed_direct() {
    let node = Node::new();
    for conf in [node.bridged(), node.routed()] {
        node.add(&conf, "old");
        node.sim.restart();
        // VPP reuses the numbers for another attachment.
        let result = node.add(&conf, "new");
        let before = node.vpp();
        node.del(&conf, "old");
        assert_eq!(node.vpp(), before);
        node.check(&conf, "new", &result).assert_silent_success();
        node.del(&conf, "new");
        node.assert_clean();
    }
}

#[test]
fn check_16_restore_recreates_every_attachment_direct() {
    let node = Node::new();
    let (bridged, routed) = (node.bridged(), node.routed());
    let first = node.add(&bridged, "box1");
    let second = node.add(&routed, "box2");
    node.sim.restart();
    for (conf, container, result) in [(&bridged, "box1", &first), (&routed, "box2", &second)] {
        assert_eq!(node.check(conf, container, result).code(), 102);
    }
    for _ in 0..2 {
        let restored = node.operator(&["restore"]);
        assert!(restored.is_success(), "{restored}");
        node.check(&bridged, "box1", &first).assert_silent_success();
        node.check(&routed, "box2", &second).assert_silent_success();
    }
    node.del(&bridged, "box1");
    node.del(&routed, "box2");
    node.assert_clean();
}

#[test]
fn del_with_an_invalid_configuration_removes_the_attachment_direct() {
    let node = Node::new();
    let conf = node.routed();
    node.add(&conf, "box1");
    let conf = with(&conf, "host", &json!({"engine": "other"}));
    node.del(&conf, "box1");
    node.assert_clean();
}

#[test]
fn del_after_a_change_of_ipam_releases_the_address_direct() {
    let node = Node::new();
    let conf = node.routed();
    node.add(&conf, "box1");
    let without = conf.as_object().unwrap();
    let without: serde_json::Map<_, _> = without
        .iter()
        .filter(|(key, _)| *key != "ipam")
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect();
    let other = with(&conf, "ipam", &json!({"type": "other-ipam"}));
    node.install("other-ipam", "#!/bin/sh\nexit 0\n");
    for conf_of_del in [without.into(), other] {
        node.del(&conf_of_del, "box1");
        node.assert_clean();
        node.add(&conf, "box1");
    }
    node.del(&conf, "box1");
    node.assert_clean();
}

#[test]
fn del_for_another_network_does_not_remove_the_attachment_direct() {
    let node = Node::new();
    let conf = node.routed();
    let result = node.add(&conf, "box1");
    let before = (node.vpp(), node.files());
    // If ADD fails because the interface name is in use, the runtime runs DEL.
    let other = with(&node.bridged(), "name", &json!("other"));
    let other = with(&other, "ipam", &json!({"type": "other-ipam"}));
    node.install("other-ipam", "#!/bin/sh\nexit 0\n");
    assert_eq!(node.call("ADD", &other, "box1", "net1").run().code(), 7);
    node.del(&other, "box1");
    assert_eq!((node.vpp(), node.files()), before);
    node.check(&conf, "box1", &result).assert_silent_success();
    node.del(&conf, "box1");
    node.assert_clean();
}

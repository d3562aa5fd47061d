//! Routed attachments (`netType` `interface`): gateway, routes, proxies.

use serde_json::{Value, json};

use crate::node::{Node, with};

/// Creates an IPAM plugin with a fixed result.
fn fixed(ips: &Value) -> String {
    let result = json!({"cniVersion": "1.0.0", "ips": ips});
    format!("#!/bin/sh\n[ $CNI_COMMAND = DEL ] || echo '{result}'\n")
}

#[test]
fn check_21_both_families_are_routed_to_the_pod_direct() {
    let node = Node::new();
    for [ip4, gateway4, ip6, gateway6] in [
        ["10.1.0.5/8", "10.0.0.1", "fd09::5/48", "fd09::1"],
        ["10.1.0.5/24", "10.1.0.1", "fd09::5/64", "fd09::1"],
        ["10.1.0.6/30", "10.1.0.5", "fd09::5/112", "fd09::1"],
        ["10.1.0.5/31", "10.1.0.4", "fd09::5/127", "fd09::4"],
        ["10.1.0.5/32", "169.254.1.1", "fd09::5/128", "fd08::1"],
    ] {
        let ips = json!([
            {"address": ip4, "gateway": gateway4},
            {"address": ip6, "gateway": gateway6},
        ]);
        node.install("fixed-ipam", &fixed(&ips));
        let conf = with(&node.routed(), "ipam", &json!({"type": "fixed-ipam"}));
        let result = node.add(&conf, "box1");
        assert_eq!(result["ips"][0]["address"], ip4);
        assert_eq!(result["ips"][1]["address"], ip6);
        let vpp = node.vpp();
        let length = |text: &str| {
            match text.split_once('/').unwrap().1 {
                "31" => "32",
                "127" => "128",
                length => length,
            }
            .to_owned()
        };
        let address = |text: &str| text.split_once('/').unwrap().0.to_owned();
        for line in [
            format!("address {gateway4}/{}: interface 1", length(ip4)),
            format!("address {gateway6}/{}: interface 1", length(ip6)),
            format!("route ip4 0 {}/32 api: ", address(ip4)),
            format!("route ip6 0 {}/128 nd_proxy: ", address(ip6)),
        ] {
            assert!(vpp.contains(&line), "{line} is not in {vpp}");
        }
        node.check(&conf, "box1", &result).assert_silent_success();
        node.del(&conf, "box1");
        node.assert_clean();
    }
}

#[test]
fn check_21_unusable_gateways_are_rejected_direct() {
    let node = Node::new();
    for ip in [
        json!({"address": "10.1.0.5/24"}),
        json!({"address": "10.1.0.5/24", "gateway": "10.1.1.1"}),
        json!({"address": "10.1.0.5/24", "gateway": "10.1.0.5"}),
        json!({"address": "10.1.0.5/32", "gateway": "10.1.0.5"}),
        json!({"address": "10.1.0.5/32", "gateway": "fd09::1"}),
        json!({"address": "10.1.0.5/24", "gateway": "fd09::1"}),
        json!({"address": "fd09::5/128", "gateway": "10.1.0.1"}),
    ] {
        node.install("fixed-ipam", &fixed(&json!([ip])));
        let conf = with(&node.routed(), "ipam", &json!({"type": "fixed-ipam"}));
        let added = node.call("ADD", &conf, "box1", "net1").run();
        assert_eq!(added.code(), 7, "{added}");
        node.assert_clean();
    }
}

#[test]
fn check_21_a_shared_gateway_is_removed_with_the_last_pod_direct() {
    let node = Node::new();
    for table in [0, 7] {
        let mut conf = node.routed();
        conf["host"]["table"] = json!(table);
        let first = node.add(&conf, "box1");
        let second = node.add(&conf, "box2");
        assert_ne!(first["ips"], second["ips"]);
        assert_eq!(node.sim.state().interfaces().count(), 4);
        node.check(&conf, "box1", &first).assert_silent_success();
        node.del(&conf, "box1");
        node.check(&conf, "box2", &second).assert_silent_success();
        node.del(&conf, "box2");
        node.assert_clean();
    }
}

#[test]
fn check_21_two_networks_in_two_tables_are_independent_direct() {
    let node = Node::new();
    let of = |name: &str, table: u32| {
        let mut conf = with(&node.routed(), "name", &json!(name));
        conf["host"]["table"] = json!(table);
        conf
    };
    let (red, blue) = (of("red", 1), of("blue", 2));
    let result = node.add(&red, "box1");
    node.call("ADD", &blue, "box1", "net2").run().result();
    node.call("DEL", &blue, "box1", "net2")
        .run()
        .assert_silent_success();
    node.check(&red, "box1", &result).assert_silent_success();
    node.del(&red, "box1");
    node.assert_clean();
}

#[test]
fn check_21_a_memif_without_ethernet_is_routed_direct() {
    let node = Node::new();
    let mut conf = node.routed();
    conf["host"]["memif"]["mode"] = json!("ip");
    let result = node.add(&conf, "box1");
    node.check(&conf, "box1", &result).assert_silent_success();
    node.del(&conf, "box1");
    node.assert_clean();
}

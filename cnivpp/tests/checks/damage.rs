//! CHECK reports each kind of damage.

use std::fs;

use cnivpp::api::{InterfaceIndex, address, bridge, interface, memif, nd_proxy, route};
use serde_json::{Value, json};
use vpp_bindings::client::Client;

use crate::node::{Node, with};

/// The text that CHECK reports, and the change that causes it.
type Damage = (&'static str, fn(&Node));

/// Returns the interface of the only memif.
fn index(node: &Node) -> InterfaceIndex {
    InterfaceIndex(node.sim.state().memifs().next().unwrap().sw_if_index)
}

/// Asserts that CHECK succeeds, that it reports this text after the damage, and that DEL works.
#[track_caller]
fn assert_reported(conf: &Value, damage: impl AsyncFnOnce(&Client, InterfaceIndex), text: &str) {
    let node = Node::new();
    let conf = with(conf, "stateDir", &json!(node.text("s")));
    let conf = with(&conf, "vppSocket", &json!(node.path("vpp/api.sock")));
    let result = node.add(&conf, "box1");
    node.check(&conf, "box1", &result).assert_silent_success();
    let index = index(&node);
    node.on_vpp(async |client| damage(client, index).await);
    let error = node.check(&conf, "box1", &result).error();
    assert_eq!(error["code"], 102, "{error}");
    assert!(error["msg"].as_str().unwrap().contains(text), "{error}");
    node.del(&conf, "box1");
    let state = node.sim.state();
    assert_eq!(state.memifs().count(), 0);
    drop(state);
    assert_eq!(node.allocated(), 0);
    assert_eq!(node.left(), Vec::<String>::new());
}

#[test]
fn check_34_the_interface_is_deleted_direct() {
    let node = Node::new();
    for conf in [node.bridged(), node.routed()] {
        let damage = async |client: &Client, index| memif::delete(client, index).await.unwrap();
        assert_reported(&conf, damage, "is missing");
    }
}

#[test]
fn check_34_the_interface_is_down_direct() {
    let damage = async |client: &Client, index| {
        interface::set_admin_up(client, index, false).await.unwrap();
    };
    assert_reported(&Node::new().bridged(), damage, "the interface is down");
}

#[test]
fn check_34_the_interface_has_another_tag_direct() {
    let damage = async |client: &Client, index| {
        interface::set_tag(client, index, "other").await.unwrap();
    };
    let node = Node::new();
    let conf = node.bridged();
    let result = node.add(&conf, "box1");
    let index = index(&node);
    node.on_vpp(async |client| damage(client, index).await);
    assert_eq!(node.check(&conf, "box1", &result).code(), 102);
}

#[test]
fn check_34_the_interface_left_its_bridge_domain_direct() {
    let damage = async |client: &Client, index| {
        bridge::leave(client, 4, index).await.unwrap();
    };
    assert_reported(
        &Node::new().bridged(),
        damage,
        "in bridge domain 4 is missing",
    );
}

#[test]
fn check_34_the_interface_is_in_another_bridge_domain_direct() {
    let damage = async |client: &Client, index| {
        bridge::leave(client, 4, index).await.unwrap();
        bridge::create(client, Some(5), "other").await.unwrap();
        bridge::join(client, 5, index).await.unwrap();
    };
    assert_reported(
        &Node::new().bridged(),
        damage,
        "in bridge domain 4 is missing",
    );
}

#[test]
fn check_34_the_mtu_was_changed_direct() {
    let mut conf = Node::new().bridged();
    conf["host"]["mtu"] = json!(1400);
    let damage = async |client: &Client, index| {
        interface::set_mtu(client, index, 1500).await.unwrap();
    };
    assert_reported(&conf, damage, "1400");
}

#[test]
fn check_34_a_route_is_missing_direct() {
    let conf = Node::new().routed();
    let ip4 = async |client: &Client, index| {
        let prefix = "10.9.0.2/32".parse().unwrap();
        let next_hop = Some("10.9.0.2".parse().unwrap());
        let path = route::Path {
            sw_if_index: Some(index),
            next_hop,
        };
        let route = route::Route {
            table_id: 0,
            prefix,
            paths: vec![path],
        };
        route::delete(client, &route).await.unwrap();
    };
    assert_reported(&conf, ip4, "10.9.0.2");
    let ip6 = async |client: &Client, index| {
        nd_proxy::delete(client, index, "fd09::2".parse().unwrap())
            .await
            .unwrap();
    };
    assert_reported(&conf, ip6, "fd09::2");
}

#[test]
fn check_34_the_gateway_lost_its_address_direct() {
    let damage = async |client: &Client, _| {
        let all = interface::dump_named(client, "loop").await.unwrap();
        let gateway = all[0].sw_if_index;
        address::remove(client, gateway, "10.9.0.254/24".parse().unwrap())
            .await
            .unwrap();
    };
    assert_reported(&Node::new().routed(), damage, "10.9.0.254/24");
}

#[test]
fn check_34_the_interface_no_longer_borrows_the_gateway_direct() {
    let damage = async |client: &Client, index| {
        interface::set_unnumbered(client, index, None)
            .await
            .unwrap();
    };
    assert_reported(&Node::new().routed(), damage, "is missing");
}

#[test]
fn check_34_the_files_and_the_address_are_missing_direct() {
    let node = Node::new();
    let conf = node.routed();
    let remove_socket = |node: &Node| {
        let mut sockets = node.path("s/shared").read_dir().unwrap();
        fs::remove_file(sockets.next().unwrap().unwrap().path()).unwrap();
    };
    let release = |node: &Node| fs::remove_file(node.path("ipam/2")).unwrap();
    let replace_netns = |node: &Node| {
        fs::write(node.path("ns/new"), "").unwrap();
        fs::rename(node.path("ns/new"), node.path("ns/box1")).unwrap();
    };
    let forget = |node: &Node| fs::remove_dir_all(node.path("s/data")).unwrap();
    let damages: [Damage; 4] = [
        ("socket", remove_socket),
        ("no address is allocated", release),
        ("is a different network namespace", replace_netns),
        ("is not attached", forget),
    ];
    for (text, damage) in damages {
        let result = node.add(&conf, "box1");
        node.check(&conf, "box1", &result).assert_silent_success();
        damage(&node);
        let error = node.check(&conf, "box1", &result).error();
        assert!(
            error["msg"].as_str().unwrap().contains(text),
            "{text}: {error}"
        );
        node.del(&conf, "box1");
        if text != "is not attached" {
            node.assert_clean();
        }
    }
}

#[test]
fn check_34_a_result_that_a_later_plugin_extended_is_accepted_direct() {
    let node = Node::new();
    let conf = node.routed();
    let mut result = node.add(&conf, "box1");
    let more = json!({"name": "veth1", "sandbox": node.netns("box1")});
    result["interfaces"].as_array_mut().unwrap().insert(0, more);
    for ip in result["ips"].as_array_mut().unwrap() {
        ip["interface"] = json!(1);
    }
    result["interfaces"][1]["mac"] = json!("02:00:00:00:00:77");
    node.check(&conf, "box1", &result).assert_silent_success();
    result["ips"].as_array_mut().unwrap().pop();
    let error = node.check(&conf, "box1", &result).error();
    assert!(
        error["msg"].as_str().unwrap().contains("fd09::2"),
        "{error}"
    );
    result["interfaces"].as_array_mut().unwrap().pop();
    assert_eq!(node.check(&conf, "box1", &result).code(), 102);
}

#[test]
fn check_34_all_differences_are_in_one_error_direct() {
    let node = Node::new();
    let conf = node.bridged();
    let result = node.add(&conf, "box1");
    let index = index(&node);
    node.on_vpp(async |client| {
        interface::set_admin_up(client, index, false).await.unwrap();
        bridge::leave(client, 4, index).await.unwrap();
    });
    fs::remove_file(node.path("ipam/2")).unwrap();
    let error = node.check(&conf, "box1", &result).error();
    let text = error.to_string();
    for part in [
        "is down",
        "in bridge domain 4 is missing",
        "no address is allocated",
    ] {
        assert!(text.contains(part), "{part:?} is not in {text}");
    }
}

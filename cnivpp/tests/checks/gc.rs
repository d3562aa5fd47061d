//! GC by the runtime and by the operator.

use std::fs;

use serde_json::{Value, json};

use crate::node::{Node, with};

fn valid(all: &[(&str, &str)]) -> Value {
    let all = all.iter();
    all.map(|(container, name)| json!({"containerID": container, "ifname": name}))
        .collect()
}

#[test]
fn check_35_gc_removes_attachments_that_neither_key_lists_direct() {
    let node = Node::new();
    let conf = with(&node.routed(), "cniVersion", &json!("1.1.0"));
    let other = with(&node.bridged(), "name", &json!("other"));
    for key in ["cni.dev/valid-attachments", "cni.dev/attachments"] {
        let kept = node.add(&conf, "kept");
        node.add(&conf, "stale");
        node.call("ADD", &conf, "kept", "net2").run().result();
        let of_other = node.add(&other, "box9");
        let gc = with(&conf, key, &valid(&[("kept", "net1"), ("absent", "net1")]));
        node.node_call("GC", &gc).assert_silent_success();
        node.check(&conf, "kept", &kept).assert_silent_success();
        node.check(&other, "box9", &of_other)
            .assert_silent_success();
        assert_eq!(node.sim.state().memifs().count(), 2);
        assert_eq!(node.allocated(), 2);
        node.del(&conf, "kept");
        node.del(&other, "box9");
        node.assert_clean();
    }
}

#[test]
fn check_35_gc_keeps_attachments_that_either_key_lists_direct() {
    let node = Node::new();
    let conf = with(&node.bridged(), "cniVersion", &json!("1.1.0"));
    for container in ["box1", "box2", "box3"] {
        node.add(&conf, container);
    }
    let gc = with(
        &conf,
        "cni.dev/valid-attachments",
        &valid(&[("box1", "net1")]),
    );
    let gc = with(&gc, "cni.dev/attachments", &valid(&[("box2", "net1")]));
    node.node_call("GC", &gc).assert_silent_success();
    assert_eq!(node.sim.state().memifs().count(), 2);
    let gc = with(&conf, "cni.dev/valid-attachments", &json!([]));
    node.node_call("GC", &gc).assert_silent_success();
    node.assert_clean();
}

#[test]
fn check_35_gc_without_a_valid_list_removes_nothing_direct() {
    let node = Node::new();
    let conf = with(&node.bridged(), "cniVersion", &json!("1.1.0"));
    node.add(&conf, "box1");
    let before = (node.vpp(), node.files());
    node.node_call("GC", &conf).assert_silent_success();
    let null = with(&conf, "cni.dev/valid-attachments", &Value::Null);
    node.node_call("GC", &null).assert_silent_success();
    for bad in [
        json!({}),
        json!("box1"),
        json!([{"containerID": "box2"}]),
        json!([{"containerID": "box2", "ifname": "a/b"}]),
        json!([{"containerID": "../box2", "ifname": "net1"}]),
        json!([null]),
    ] {
        let gc = with(&conf, "cni.dev/valid-attachments", &bad);
        assert_eq!(node.node_call("GC", &gc).code(), 7, "{bad}");
    }
    assert_eq!((node.vpp(), node.files()), before);
}

#[test]
fn check_35_gc_releases_all_addresses_while_vpp_is_down_direct() {
    let mut node = Node::new();
    let conf = with(&node.routed(), "cniVersion", &json!("1.1.0"));
    for container in ["box1", "box2"] {
        node.add(&conf, container);
    }
    node.stop_vpp();
    let gc = with(&conf, "cni.dev/valid-attachments", &json!([]));
    let error = node.node_call("GC", &gc).error();
    assert_eq!(error["code"], 11, "{error}");
    for container in ["box1", "box2"] {
        assert!(error.to_string().contains(container), "{error}");
    }
    assert_eq!(node.allocated(), 0);
    node.start_vpp();
    node.node_call("GC", &gc).assert_silent_success();
    node.assert_clean();
}

#[test]
fn check_35_gc_skips_ipam_that_does_not_support_it_direct() {
    let node = Node::new();
    let script = include_str!("ipam.sh").replace(",\"1.1.0\"]", "]");
    node.install(
        "old-ipam",
        &script.replace("VERSION)", "GC) exit 9 ;;\nVERSION)"),
    );
    let conf = with(&node.routed(), "ipam", &json!({"type": "old-ipam"}));
    node.add(&conf, "box1");
    let gc = with(&conf, "cniVersion", &json!("1.1.0"));
    let gc = with(&gc, "cni.dev/valid-attachments", &json!([]));
    node.node_call("GC", &gc).assert_silent_success();
    node.assert_clean();
}

#[test]
fn operator_gc_removes_attachments_without_a_network_namespace_direct() {
    if fs::read_link("/proc/1/ns/mnt").is_err() {
        eprintln!(
            "skipped: paths of network namespaces are valid only in the host's mount namespace"
        );
        return;
    }
    let node = Node::new();
    let conf = node.routed();
    let result = node.add(&conf, "alive");
    node.add(&conf, "gone");
    fs::remove_file(node.netns("gone")).unwrap();
    let done = node.operator(&["gc", "--json"]);
    assert!(done.is_success(), "{done}");
    node.check(&conf, "alive", &result).assert_silent_success();
    assert_eq!(node.allocated(), 1);
    node.del(&conf, "alive");
    node.assert_clean();
}

#[test]
fn an_unusable_record_is_kept_and_blocks_nothing_direct() {
    let node = Node::new();
    let conf = with(&node.bridged(), "cniVersion", &json!("1.1.0"));
    node.add(&conf, "box1");
    let data = node.path("s/data");
    let files = data.read_dir().unwrap().map(|it| it.unwrap().path());
    let record = files
        .into_iter()
        .find(|it| it.extension().is_some_and(|it| it == "json"));
    let record = record.unwrap();
    for text in ["", "{", "{\"schema\": 99}", "[]", "\0"] {
        fs::write(&record, text).unwrap();
        let result = node.add(&conf, "box2");
        node.check(&conf, "box2", &result).assert_silent_success();
        node.del(&conf, "box2");
        assert!(
            node.operator(&["doctor"]).stdout().contains("is unusable"),
            "{text:?}"
        );
        assert_eq!(fs::read_to_string(&record).unwrap(), text);
    }
    // A verb for the attachment itself renames the record.
    node.del(&conf, "box1");
    assert!(!record.exists());
    let kept = data.read_dir().unwrap().filter(|it| {
        let path = it.as_ref().unwrap().path();
        fs::read(path).is_ok_and(|it| it == b"\0")
    });
    assert_eq!(kept.count(), 1);
}

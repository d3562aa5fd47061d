//! Results in each version of the specification.

use serde_json::{Value, json};

use crate::node::{Node, with};

const ALL: [&str; 5] = ["0.3.0", "0.3.1", "0.4.0", "1.0.0", "1.1.0"];

#[test]
fn check_01_result_has_the_version_of_the_configuration_direct() {
    let node = Node::new();
    for version in ALL {
        let conf = with(&node.bridged(), "cniVersion", &json!(version));
        let result = node.add(&conf, "box1");
        assert_eq!(result["cniVersion"], version);
        let is_old = version.starts_with('0');
        assert_eq!(
            result["ips"][0]["version"],
            if is_old { json!("4") } else { Value::Null }
        );
        assert_eq!(
            result["interfaces"][0]["socketPath"].is_null(),
            version != "1.1.0"
        );
        node.del(&conf, "box1");
        node.assert_clean();
    }
}

#[test]
fn check_02_check_and_del_follow_add_in_every_version_direct() {
    let node = Node::new();
    for version in ALL {
        let conf = with(&node.routed(), "cniVersion", &json!(version));
        let result = node.add(&conf, "box1");
        let checked = node.check(&conf, "box1", &result);
        if version < "0.4.0" {
            assert_eq!(checked.code(), 1);
        } else {
            checked.assert_silent_success();
        }
        // From 0.4.0 on, runtimes pass the result to DEL as well.
        let conf = with(&conf, "prevResult", &result);
        node.del(&conf, "box1");
        node.assert_clean();
    }
}

#[test]
fn check_03_previous_results_are_passed_on_direct() {
    let node = Node::new();
    let netns = node.netns("box1");
    for version in ALL {
        let mut ip = json!({"interface": 1, "address": "192.168.1.5/24", "gateway": "192.168.1.1"});
        if version.starts_with('0') {
            ip["version"] = json!("4");
        }
        let previous = json!({
            "cniVersion": version,
            "interfaces": [{"name": "br0"}, {"name": "eth0", "mac": "02:00:00:00:00:01", "sandbox": netns}],
            "ips": [ip],
            "routes": [{"dst": "0.0.0.0/0", "gw": "192.168.1.1"}],
            "dns": {"nameservers": ["192.168.1.1"]},
        });
        let conf = with(&node.routed(), "cniVersion", &json!(version));
        let conf = with(&conf, "prevResult", &previous);
        let result = node.add(&conf, "box1");
        assert_eq!(result["interfaces"][0], previous["interfaces"][0]);
        assert_eq!(result["interfaces"][1], previous["interfaces"][1]);
        assert_eq!(result["interfaces"][2]["name"], "net1");
        assert_eq!(result["ips"][0], previous["ips"][0]);
        assert_eq!(result["ips"][1]["interface"], 2);
        assert_eq!(result["ips"][2]["interface"], 2);
        assert_eq!(result["routes"][0], previous["routes"][0]);
        assert_eq!(result["dns"], previous["dns"]);
        if version >= "0.4.0" {
            node.check(&conf, "box1", &result).assert_silent_success();
        }
        node.del(&with(&conf, "prevResult", &result), "box1");
        node.assert_clean();
    }
}

#[test]
fn check_03_an_interface_of_a_previous_plugin_is_rejected_direct() {
    let node = Node::new();
    let previous = json!({
        "cniVersion": "1.0.0",
        "interfaces": [{"name": "net1", "sandbox": node.netns("box1")}],
    });
    let conf = with(&node.bridged(), "prevResult", &previous);
    assert_eq!(node.call("ADD", &conf, "box1", "net1").run().code(), 7);
    node.assert_clean();
}

#[test]
fn check_04_stdout_is_one_document_at_every_log_level_direct() {
    let node = Node::new();
    for level in ["panic", "error", "warning", "info", "debug", "verbose"] {
        let conf = with(&node.routed(), "logLevel", &json!(level));
        let log = node.path("log");
        let conf = with(&conf, "logFile", &json!(log));
        let result = node.add(&conf, "box1");
        node.check(&conf, "box1", &result).assert_silent_success();
        node.call("ADD", &conf, "box1", "net1").run().error();
        node.del(&conf, "box1");
        node.del(&conf, "box1");
        let broken = with(&conf, "ipam", &json!({"type": "test-ipam", "fail": true}));
        node.call("ADD", &broken, "box1", "net1").run().error();
        let logged = std::fs::read_to_string(&log).unwrap();
        assert_eq!(
            logged.contains("no address is left"),
            level != "panic",
            "{level}: {logged}"
        );
        std::fs::remove_file(&log).unwrap();
        node.assert_clean();
    }
}

#[test]
fn check_22_the_result_describes_the_interface_direct() {
    let node = Node::new();
    let mut conf = with(&node.routed(), "cniVersion", &json!("1.1.0"));
    conf["host"]["mtu"] = json!(1400);
    let result = node.add(&conf, "box1");
    let interface = &result["interfaces"][0];
    assert_eq!(interface["sandbox"], json!(node.netns("box1")));
    assert_eq!(interface["mtu"], 1400);
    assert_eq!(interface["mac"].as_str().unwrap().len(), 17);
    let socket = interface["socketPath"].as_str().unwrap();
    let sockets: Vec<_> = node
        .sim
        .state()
        .memif_sockets()
        .map(|it| it.filename.clone())
        .collect();
    assert!(
        sockets.iter().any(|it| it == socket),
        "{socket}: {sockets:?}"
    );
    assert_eq!(result["ips"].as_array().unwrap().len(), 2);
    for ip in result["ips"].as_array().unwrap() {
        assert_eq!(ip["interface"], 0);
        assert!(ip["gateway"].is_string());
    }
    assert!(result["routes"][0]["gw"].is_string());
}

//! Configurations of users of the Go plugin are accepted.

use serde_json::{Value, json};

use crate::node::{Node, merge};

/// Adapts a configuration to the test's folders and IPAM plugin.
fn adapted(node: &Node, conf: Value) -> Value {
    merge(
        conf,
        &json!({
            "stateDir": node.text("s"),
            "vppSocket": node.sim.socket(),
            "ipam": {"type": "test-ipam"},
        }),
    )
}

fn ipam() -> Value {
    json!({
        "type": "host-local",
        "subnet": "10.20.30.0/24",
        "rangeStart": "10.20.30.100",
        "rangeEnd": "10.20.30.120",
        "routes": [{"dst": "0.0.0.0/0"}],
        "gateway": "10.20.30.1",
    })
}

/// Creates one side as documented by the Go plugin.
fn side(role: &str, net_type: &str) -> Value {
    let mut side = json!({
        "engine": "vpp",
        "iftype": "memif",
        "netType": net_type,
        "memif": {"role": role, "mode": "ethernet"},
    });
    if net_type == "bridge" {
        side["bridge"] = json!({"bridgeName": "4"});
    }
    side
}

#[test]
fn check_40_a_memif_in_a_bridge_domain_direct() {
    let node = Node::new();
    for (host, container) in [("master", "slave"), ("slave", "master")] {
        for version in ["0.3.1", "0.3.0"] {
            let conf = adapted(
                &node,
                json!({
                    "cniVersion": version,
                    "type": "userspace",
                    "name": "bridged-memif",
                    "host": side(host, "bridge"),
                    "container": side(container, "interface"),
                    "ipam": ipam(),
                }),
            );
            let result = node.add(&conf, "box1");
            assert_eq!(result["interfaces"][0]["name"], "net1");
            assert_eq!(node.sim.state().bridge(4).unwrap().members.len(), 1);
            node.del(&conf, "box1");
            node.assert_clean();
        }
    }
}

#[test]
fn check_40_keys_of_the_go_plugin_direct() {
    let node = Node::new();
    let base = json!({
        "cniVersion": "0.3.1",
        "type": "userspace",
        "name": "memif-network",
        "kubeconfig": node.text("kubeconfig"),
        "logFile": node.text("log"),
        "logLevel": "debug",
        "sharedDir": node.text("sh"),
        "host": side("master", "bridge"),
        "container": side("slave", "interface"),
        "ipam": ipam(),
        // Keys of Multus and of libcni, and an unknown one.
        "capabilities": {"mac": true},
        "runtimeConfig": {},
        "prevResult": null,
        "delegate": {"isDefaultGateway": true},
        "masterplugin": true,
    });
    for change in [
        json!({}),
        json!({"host": {"memif": {"socketfile": "memif-4.sock"}}}),
        json!({"host": {"bridge": {"bridgeName": "", "bridgeId": 7}}}),
        json!({"host": {"engine": "vpp", "vhost": {}}, "container": {"bridge": {}, "vhost": {}}}),
        json!({"container": {"netType": "", "memif": {"role": "", "mode": ""}}}),
        json!({"logLevel": "WARNING", "logFile": ""}),
        json!({"sharedDir": ""}),
    ] {
        let conf = adapted(&node, merge(base.clone(), &change));
        node.add(&conf, "box1");
        node.del(&conf, "box1");
        let _ = std::fs::remove_file(node.path("log"));
        node.assert_clean();
    }
}

#[test]
fn check_40_the_other_end_is_optional_direct() {
    let node = Node::new();
    let conf = adapted(
        &node,
        json!({
            "cniVersion": "1.0.0",
            "type": "userspace",
            "name": "net",
            "host": side("master", "none"),
            "ipam": ipam(),
        }),
    );
    node.add(&conf, "box1");
    node.del(&conf, "box1");
    node.assert_clean();
}

#[test]
#[ignore = "needs root, and a static build: CNI_TEST_STATIC is its path"]
fn check_40_a_static_build_runs_in_an_empty_root_direct() {
    let program = std::env::var_os("CNI_TEST_STATIC").unwrap();
    let root = tempfile::tempdir().unwrap();
    std::fs::copy(program, root.path().join("userspace")).unwrap();
    let run = |verb: &str, conf: &str| {
        let mut child = std::process::Command::new("chroot")
            .arg(root.path())
            .arg("/userspace")
            .env("CNI_COMMAND", verb)
            .env("CNI_CONTAINERID", "box1")
            .env("CNI_IFNAME", "net1")
            .env("CNI_NETNS", "/ns")
            .stdin(std::process::Stdio::piped())
            .stdout(std::process::Stdio::piped())
            .spawn()
            .unwrap();
        std::io::Write::write_all(&mut child.stdin.take().unwrap(), conf.as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        let document: Value = serde_json::from_slice(&output.stdout).unwrap();
        document
    };
    let versions = run("VERSION", "{\"cniVersion\": \"1.0.0\"}");
    assert_eq!(versions["supportedVersions"].as_array().unwrap().len(), 5);
    // Looking up a group in the missing /etc/group needs no library.
    let mut host = side("master", "none");
    host["memif"]["group"] = json!("pods");
    let conf = json!({"cniVersion": "1.0.0", "type": "userspace", "name": "net", "host": host});
    let error = run("ADD", &conf.to_string());
    assert_eq!(error["code"], 7, "{error}");
}

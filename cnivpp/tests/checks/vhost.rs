//! vhost-user interfaces.

use std::os::unix::net::UnixListener;

use serde_json::{Value, json};

use crate::node::{Node, with};

fn conf(node: &Node, mode: &str, net: &Value) -> Value {
    let host = json!({"engine": "vpp", "iftype": "vhostuser", "vhost": {"mode": mode}});
    node.conf(&crate::node::merge(host, net))
}

#[test]
fn check_25_vhost_user_servers_and_clients_direct() {
    let node = Node::new();
    for mode in ["server", "client"] {
        for net in [
            json!({}),
            json!({"netType": "bridge", "bridge": {"bridgeName": "4"}}),
        ] {
            for shared in [false, true] {
                let mut conf = conf(&node, mode, &net);
                if shared {
                    conf = with(&conf, "sharedDir", &json!(node.text("sh")));
                }
                let result = node.add(&conf, "box1");
                let state = node.sim.state();
                let vhost = state.vhosts().next().unwrap();
                assert_eq!(vhost.is_server(), mode == "server");
                let path = vhost.request.sock_filename.clone();
                assert_eq!(std::path::Path::new(&path).exists(), mode == "server");
                let bridge = state.bridge(4).map(|it| it.members.len());
                assert_eq!(bridge, (net != json!({})).then_some(1));
                drop(state);
                node.check(&conf, "box1", &result).assert_silent_success();
                node.del(&conf, "box1");
                node.assert_clean();
            }
        }
    }
}

#[test]
fn check_25_restore_recreates_vhost_user_interfaces_direct() {
    let node = Node::new();
    let conf = conf(&node, "server", &json!({}));
    let result = node.add(&conf, "box1");
    node.sim.restart();
    assert_eq!(node.check(&conf, "box1", &result).code(), 102);
    assert!(node.operator(&["restore"]).is_success());
    node.check(&conf, "box1", &result).assert_silent_success();
    node.sim.restart();
    node.del(&conf, "box1");
    node.assert_clean();
}

#[test]
fn socket_files_that_a_killed_pod_left_are_removed_direct() {
    let node = Node::new();
    let memif = json!({"engine": "vpp", "iftype": "memif", "memif": {"role": "slave"}});
    for conf in [conf(&node, "client", &json!({})), node.conf(&memif)] {
        for shared in [false, true] {
            for file in [None, Some("own.sock")] {
                let mut conf = conf.clone();
                if shared {
                    conf = with(&conf, "sharedDir", &json!(node.text("sh")));
                }
                let kind = if conf["host"]["iftype"] == "memif" {
                    "memif"
                } else {
                    "vhost"
                };
                if let Some(file) = file {
                    conf["host"][kind]["socketfile"] = json!(file);
                }
                // The program in the pod listens.
                node.add(&conf, "box1");
                let listed = node.operator(&["list", "--json"]).stdout();
                let listed: Value = serde_json::from_str(&listed).unwrap();
                let path = listed[0]["socket"].as_str().unwrap().to_owned();
                let listener = UnixListener::bind(&path).unwrap();
                node.del(&conf, "box1");
                assert!(std::path::Path::new(&path).exists(), "it is in use");
                // It is killed.
                drop(listener);
                node.add(&conf, "box1");
                node.del(&conf, "box1");
                let is_shared_name = file.is_some() && !shared;
                assert_eq!(
                    std::path::Path::new(&path).exists(),
                    is_shared_name,
                    "{conf}"
                );
                let _ = std::fs::remove_file(&path);
                node.assert_clean();
            }
        }
    }
}

//! vhost-user interfaces.

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

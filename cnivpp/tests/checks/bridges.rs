//! Bridge domains that attachments share with each other and with other programs.

use cnivpp::api::{bridge, interface};
use serde_json::json;

use crate::node::{Node, memif, with};

#[test]
fn check_18_a_bridge_domain_is_removed_with_its_last_port_direct() {
    let node = Node::new();
    let by_name = node.bridged();
    let by_id = with(
        &by_name,
        "host",
        &memif(&json!({"netType": "bridge", "bridge": {"bridgeId": 4}})),
    );
    node.add(&by_name, "box1");
    node.add(&by_id, "box2");
    assert_eq!(node.sim.state().bridge(4).unwrap().members.len(), 2);
    node.del(&by_name, "box1");
    assert_eq!(node.sim.state().bridge(4).unwrap().members.len(), 1);
    node.del(&by_id, "box2");
    node.assert_clean();
}

#[test]
fn check_19_a_bridge_domain_with_a_foreign_port_stays_direct() {
    let node = Node::new();
    let conf = node.bridged();
    node.add(&conf, "box1");
    let foreign = node.on_vpp(async |client| {
        let index = interface::create_loopback(client, None).await.unwrap();
        bridge::join(client, 4, index).await.unwrap();
        index.0
    });
    node.del(&conf, "box1");
    let state = node.sim.state();
    let members = &state.bridge(4).unwrap().members;
    assert_eq!(members.len(), 1);
    assert_eq!(members[0].sw_if_index, foreign);
    assert_eq!(state.memifs().count(), 0);
}

#[test]
fn check_19_an_empty_bridge_domain_of_another_owner_stays_direct() {
    let node = Node::new();
    node.on_vpp(async |client| {
        let made = bridge::create(client, Some(4), "operator").await;
        made.unwrap();
    });
    let before = node.vpp();
    let conf = node.bridged();
    node.add(&conf, "box1");
    node.del(&conf, "box1");
    assert_eq!(node.vpp(), before);
}

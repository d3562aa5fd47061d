//! IDs of containers and names of interfaces.

use std::collections::BTreeSet;

use crate::node::Node;

#[test]
fn check_05_container_ids_of_any_length_direct() {
    let node = Node::new();
    for length in [1, 9, 12, 13, 64, 200] {
        let container = "0123456789abcdef".repeat(13)[..length].to_owned();
        for conf in [node.bridged(), node.routed()] {
            let result = node.add(&conf, &container);
            node.check(&conf, &container, &result)
                .assert_silent_success();
            node.del(&conf, &container);
            node.assert_clean();
        }
    }
}

#[test]
fn check_06_containers_that_share_twelve_characters_are_independent_direct() {
    let node = Node::new();
    let conf = node.bridged();
    let long = "0123456789ab".to_owned() + &"c".repeat(52);
    // IDs and interface names that start with another one.
    let all = [
        ("default-box1", "net1"),
        ("default-box10", "net1"),
        ("default-box1", "net10"),
        (long.as_str(), "net1"),
        ("0123456789ab", "net1"),
    ];
    let mut results = Vec::new();
    let mut states = vec![node.vpp()];
    for (container, if_name) in all {
        let added = node.call("ADD", &conf, container, if_name).run();
        results.push(added.result());
        states.push(node.vpp());
    }
    let of = |key: &str| -> BTreeSet<String> {
        let all = results
            .iter()
            .map(|it| it["interfaces"][0][key].to_string());
        all.collect()
    };
    assert_eq!(of("mac").len(), all.len());
    for ((container, if_name), result) in all.iter().zip(&results) {
        let conf = crate::node::with(&conf, "prevResult", result);
        node.call("CHECK", &conf, container, if_name)
            .run()
            .assert_silent_success();
    }
    // Deleting the first attachment does not affect the others.
    let (container, if_name) = all[0];
    node.call("DEL", &conf, container, if_name)
        .run()
        .assert_silent_success();
    for ((container, if_name), result) in all.iter().zip(&results).skip(1) {
        let conf = crate::node::with(&conf, "prevResult", result);
        node.call("CHECK", &conf, container, if_name)
            .run()
            .assert_silent_success();
    }
    for (container, if_name) in &all[1..] {
        node.call("DEL", &conf, container, if_name)
            .run()
            .assert_silent_success();
    }
    node.assert_clean();
}

#[test]
fn check_07_sixty_four_attachments_on_one_node_direct() {
    let node = Node::new();
    let conf = node.bridged();
    let names: Vec<String> = (0..64).map(|number| format!("box{number}")).collect();
    for name in &names {
        node.add(&conf, name);
    }
    let state = node.sim.state();
    assert_eq!(state.memifs().count(), 64);
    let sockets: BTreeSet<u32> = state.memif_sockets().map(|it| it.id).collect();
    assert_eq!(sockets.len(), 65);
    assert_eq!(state.bridge(4).unwrap().members.len(), 64);
    drop(state);
    for name in &names {
        node.del(&conf, name);
    }
    node.assert_clean();
}

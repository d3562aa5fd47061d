//! VPP rejects requests, hangs or restarts, and processes are killed.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use vpp_sim::{Fault, FaultRule};

use crate::node::{Node, with};

/// Creates configurations that use different requests.
fn all(node: &Node) -> [Value; 3] {
    let vhost = json!({
        "engine": "vpp", "iftype": "vhostuser", "netType": "bridge",
        "bridge": {"bridgeName": "4"},
    });
    [
        node.bridged(),
        node.routed(),
        with(&node.bridged(), "host", &vhost),
    ]
}

/// Counts the requests of a successful ADD.
fn requests(node: &Node, conf: &Value) -> u32 {
    node.sim.clear_requests();
    node.add(conf, "box1");
    let count = node.sim.requests().len();
    node.del(conf, "box1");
    u32::try_from(count).unwrap()
}

#[test]
fn check_10_add_is_rolled_back_after_each_failed_request_direct() {
    let node = Node::new();
    for conf in all(&node) {
        for number in 0..requests(&node, &conf) {
            let rule = FaultRule::new("*", Fault::Retval(-1))
                .after(number)
                .times(1);
            node.sim.add_fault(rule);
            // A failed dump is empty, and the last request closes the connection: both are harmless.
            let added = node.call("ADD", &conf, "box1", "net1").run();
            node.sim.clear_faults();
            if added.is_success() {
                node.del(&conf, "box1");
            } else {
                added.error();
            }
            node.assert_clean();
        }
    }
}

#[test]
fn check_10_del_removes_everything_after_a_restart_at_each_request_direct() {
    let node = Node::new();
    for conf in all(&node) {
        for number in 0..requests(&node, &conf) {
            node.sim
                .add_fault(FaultRule::new("*", Fault::Restart).after(number).times(1));
            let added = node.call("ADD", &conf, "box1", "net1").run();
            node.sim.clear_faults();
            if !added.is_success() {
                added.error();
            }
            node.del(&conf, "box1");
            node.assert_clean();
        }
    }
}

#[test]
fn check_11_a_failed_container_step_releases_the_address_direct() {
    let node = Node::new();
    let mut conf = node.routed();
    // The folder of the device file cannot be created.
    std::fs::write(node.path("file"), "").unwrap();
    conf["runtimeConfig"] = json!({"CNIDeviceInfoFile": node.path("file/x/device")});
    assert_eq!(node.call("ADD", &conf, "box1", "net1").run().code(), 5);
    std::fs::remove_file(node.path("file")).unwrap();
    node.assert_clean();
}

#[test]
fn check_11_a_failed_ipam_leaves_nothing_direct() {
    let node = Node::new();
    for script in [
        "#!/bin/sh\nexit 3\n",
        "#!/bin/sh\necho noise; exit 0\n",
        "#!/bin/sh\n[ $CNI_COMMAND = DEL ] || echo null\n",
        "#!/bin/sh\n[ $CNI_COMMAND = DEL ] || echo '{\"cniVersion\": \"1.0.0\", \"ips\": []}'\n",
        "#!/bin/sh\n[ $CNI_COMMAND = DEL ] || yes\n",
        "#!/bin/sh\nkill -9 $$\n",
    ] {
        node.install("bad-ipam", script);
        let conf = with(&node.routed(), "ipam", &json!({"type": "bad-ipam"}));
        node.call("ADD", &conf, "box1", "net1").run().error();
        node.assert_clean();
    }
}

#[test]
fn check_12_del_removes_everything_after_add_was_killed_direct() {
    let node = Node::new();
    for conf in all(&node) {
        let count = requests(&node, &conf);
        for number in 0..count {
            for fault in [Fault::KillBefore, Fault::KillAfter] {
                let rule = FaultRule::new("*", fault).after(number).times(1);
                node.sim.add_fault(rule);
                let added = node.call("ADD", &conf, "box1", "net1").run();
                node.sim.clear_faults();
                assert!(!added.is_success() || number + 1 == count, "{added}");
                node.del(&conf, "box1");
                node.assert_clean();
            }
        }
    }
}

#[test]
fn check_12_del_is_repeated_after_it_was_killed_direct() {
    let node = Node::new();
    for conf in all(&node) {
        node.add(&conf, "box1");
        node.sim.clear_requests();
        node.del(&conf, "box1");
        for number in 0..u32::try_from(node.sim.requests().len()).unwrap() {
            node.add(&conf, "box1");
            let rule = FaultRule::new("*", Fault::KillBefore)
                .after(number)
                .times(1);
            node.sim.add_fault(rule);
            node.call("DEL", &conf, "box1", "net1").run();
            node.sim.clear_faults();
            node.del(&conf, "box1");
            node.assert_clean();
        }
    }
}

#[test]
fn check_12_add_is_repeated_after_it_was_killed_direct() {
    let node = Node::new();
    let conf = node.routed();
    for number in 0..requests(&node, &conf) {
        let rule = FaultRule::new("*", Fault::KillAfter).after(number).times(1);
        node.sim.add_fault(rule);
        let added = node.call("ADD", &conf, "box1", "net1").run();
        node.sim.clear_faults();
        if !added.is_success() {
            let result = node.add(&conf, "box1");
            node.check(&conf, "box1", &result).assert_silent_success();
        }
        node.del(&conf, "box1");
        node.assert_clean();
    }
}

#[test]
fn check_36_status_succeeds_if_add_can_be_served_direct() {
    let node = Node::new();
    for conf in all(&node) {
        let conf = with(&conf, "cniVersion", &json!("1.1.0"));
        node.node_call("STATUS", &conf).assert_silent_success();
    }
    node.assert_clean();
}

#[test]
fn check_36_status_is_51_with_vpp_down_or_hanging_direct() {
    let mut node = Node::new();
    let conf = with(&node.bridged(), "cniVersion", &json!("1.1.0"));
    let conf = with(&conf, "timeoutSeconds", &json!(1));
    node.sim.pause();
    assert_eq!(node.node_call("STATUS", &conf).code(), 51);
    node.sim.resume();
    node.node_call("STATUS", &conf).assert_silent_success();
    node.stop_vpp();
    assert_eq!(node.node_call("STATUS", &conf).code(), 51);
}

#[test]
fn check_36_status_is_50_with_a_message_missing_or_different_direct() {
    let node = Node::new();
    let conf = with(&node.routed(), "cniVersion", &json!("1.1.0"));
    for (message, fault) in [
        ("memif_delete", Fault::Hide),
        ("memif_delete", Fault::Crc(7)),
        ("ip_route_add_del", Fault::Hide),
        ("sw_interface_set_unnumbered", Fault::Crc(7)),
    ] {
        node.sim.add_fault(FaultRule::new(message, fault));
        let error = node.node_call("STATUS", &conf).error();
        assert_eq!(error["code"], 50, "{error}");
        assert!(error["msg"].as_str().unwrap().contains(message), "{error}");
        // ADD names it as well, and does not call IPAM.
        let conf = with(&conf, "cniVersion", &json!("1.0.0"));
        let error = node.call("ADD", &conf, "box1", "net1").run().error();
        assert!(error["msg"].as_str().unwrap().contains(message), "{error}");
        node.sim.clear_faults();
        node.assert_clean();
    }
    let conf = with(&conf, "ipam", &json!({"type": "absent"}));
    assert_eq!(node.node_call("STATUS", &conf).code(), 50);
}

#[test]
fn check_37_add_ends_in_time_if_vpp_hangs_direct() {
    let node = Node::new();
    let conf = with(&node.routed(), "timeoutSeconds", &json!(2));
    let count = requests(&node, &conf);
    for number in [0, 1, count / 2, count - 2] {
        let rule = FaultRule::new("*", Fault::Pause).after(number).times(1);
        node.sim.add_fault(rule);
        let start = Instant::now();
        let added = node.call("ADD", &conf, "box1", "net1").run();
        let taken = start.elapsed();
        assert_eq!(added.code(), 11, "{number}: {added}");
        assert!(taken < Duration::from_secs(4), "{number}: {taken:?}");
        assert_eq!(node.allocated(), 0, "{number}: {added}");
        // DEL ends in time as well, and releases the address.
        let start = Instant::now();
        node.del(&conf, "box1");
        let taken = start.elapsed();
        assert!(taken < Duration::from_secs(4), "{number}: {taken:?}");
        node.sim.clear_faults();
        node.sim.resume();
        node.add(&conf, "box2");
        node.del(&conf, "box2");
        node.assert_clean();
    }
}

#[test]
fn check_37_del_releases_the_address_if_vpp_hangs_direct() {
    let node = Node::new();
    let conf = with(&node.routed(), "timeoutSeconds", &json!(2));
    node.add(&conf, "box1");
    node.sim.pause();
    let start = Instant::now();
    node.del(&conf, "box1");
    let taken = start.elapsed();
    assert!(taken < Duration::from_secs(4), "{taken:?}");
    assert_eq!(node.allocated(), 0);
    node.sim.resume();
    // The next ADD removes the rest.
    node.add(&conf, "box2");
    node.del(&conf, "box2");
    node.assert_clean();
}

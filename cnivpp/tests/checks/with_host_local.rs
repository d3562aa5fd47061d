//! Tests with addresses of `host-local`, and with many calls through `cnitool`.

use std::fs;

use serde_json::json;

use crate::node::{Node, with};
use crate::peers::cnitool::Cnitool;
use crate::peers::runtime::programs;
use crate::peers::{cnitool, folders, has_namespaces, ipam, list};

/// Asserts that no attachment and no address is left.
#[track_caller]
pub fn assert_clean(node: &Node, client: &Cnitool) {
    node.assert_clean();
    assert_eq!(client.folders().allocated("net"), 0);
}

/// Returns the path that represents a container's network namespace.
pub fn netns(node: &Node, container: &str) -> String {
    node.netns(container).to_str().unwrap().to_owned()
}

#[test]
#[ignore = "needs cnitool and host-local"]
fn check_07_sixty_four_attachments_on_one_node_cnitool() {
    if !has_namespaces() {
        return;
    }
    let node = Node::new();
    let client = cnitool(&programs("cnitool")[0], "1.0.0", &node.routed());
    let all: Vec<String> = (0..64)
        .map(|it| netns(&node, &format!("box{it}")))
        .collect();
    for netns in &all {
        client.add("net", netns).unwrap();
    }
    assert_eq!(node.sim.state().memifs().count(), 64);
    assert_eq!(client.folders().allocated("net"), 128);
    for netns in &all {
        client.run("check", "net", netns).unwrap();
        client.run("del", "net", netns).unwrap();
    }
    assert_clean(&node, &client);
}

#[test]
#[ignore = "needs cnitool and host-local"]
fn check_08_parallel_adds_and_dels_cnitool() {
    if !has_namespaces() {
        return;
    }
    let node = Node::new();
    for conf in [node.bridged(), node.routed()] {
        let client = cnitool(&programs("cnitool")[0], "1.0.0", &conf);
        let all: Vec<String> = (0..32)
            .map(|it| netns(&node, &format!("box{it}")))
            .collect();
        let at_once = |verb: &str| {
            std::thread::scope(|scope| {
                for netns in &all {
                    scope.spawn(|| client.run(verb, "net", netns).unwrap());
                }
            });
        };
        at_once("add");
        assert_eq!(node.sim.state().memifs().count(), all.len());
        assert_eq!(client.folders().allocated("net"), 2 * all.len());
        at_once("check");
        at_once("del");
        assert_clean(&node, &client);
    }
}

#[test]
#[ignore = "needs cnitool and host-local"]
fn check_11_a_failed_container_step_releases_the_address_cnitool() {
    if !has_namespaces() {
        return;
    }
    let node = Node::new();
    let netns = netns(&node, "box1");
    fs::write(node.path("file"), "").unwrap();
    let mut conf = node.routed();
    conf["args"] = json!({"cni": {"CNIDeviceInfoFile": node.path("file/x/device")}});
    for program in programs("cnitool") {
        let client = cnitool(&program, "1.0.0", &conf);
        client.add("net", &netns).unwrap_err();
        assert_eq!(client.folders().allocated("net"), 0);
        assert_eq!(node.sim.state().memifs().count(), 0);
    }
}

#[test]
#[ignore = "needs cnitool and host-local"]
fn check_15_del_with_vpp_down_releases_the_address_cnitool() {
    if !has_namespaces() {
        return;
    }
    let mut node = Node::new();
    let netns = netns(&node, "box1");
    let client = cnitool(&programs("cnitool")[0], "1.0.0", &node.routed());
    client.add("net", &netns).unwrap();
    node.stop_vpp();
    client.run("del", "net", &netns).unwrap();
    assert_eq!(client.folders().allocated("net"), 0);
    let error = client.add("net", &netns).unwrap_err();
    assert!(error.contains("check that VPP is running"), "{error}");
    assert_eq!(client.folders().allocated("net"), 0);
}

#[test]
#[ignore = "needs cnitool and host-local"]
fn check_21_both_families_of_host_local_are_routed_cnitool() {
    if !has_namespaces() {
        return;
    }
    let node = Node::new();
    let netns = netns(&node, "box1");
    for host_local in programs("host-local") {
        for (subnet4, subnet6) in [
            ("10.0.0.0/8", "fd09::/48"),
            ("10.9.0.0/24", "fd09::/64"),
            ("10.9.0.4/30", "fd09::/112"),
            ("10.9.0.0/22", "fd09::/126"),
        ] {
            let ranges = json!([[{"subnet": subnet4}], [{"subnet": subnet6}]]);
            let ipam = json!({"type": "host-local", "ranges": ranges});
            let conf = with(&node.routed(), "ipam", &ipam);
            let folders = folders(&host_local).network(&list("1.0.0", &[&conf]));
            let client = Cnitool::new(&programs("cnitool")[0], folders);
            let result = client.add("net", &netns).unwrap();
            for (ip, subnet) in result["ips"]
                .as_array()
                .unwrap()
                .iter()
                .zip([subnet4, subnet6])
            {
                let length = subnet.split_once('/').unwrap().1;
                let address = ip["address"].as_str().unwrap();
                assert!(address.ends_with(&format!("/{length}")), "{result}");
                let gateway = ip["gateway"].as_str().unwrap();
                let line = format!("address {gateway}/{length}: interface 1");
                assert!(node.vpp().contains(&line), "{line}: {}", node.vpp());
            }
            client.run("check", "net", &netns).unwrap();
            client.run("del", "net", &netns).unwrap();
            assert_clean(&node, &client);
        }
    }
}

#[test]
#[ignore = "needs cnitool and host-local"]
fn check_34_an_address_that_host_local_lost_cnitool() {
    if !has_namespaces() {
        return;
    }
    let node = Node::new();
    let netns = netns(&node, "box1");
    for program in programs("cnitool") {
        let client = cnitool(&program, "1.0.0", &node.routed());
        client.add("net", &netns).unwrap();
        client.run("check", "net", &netns).unwrap();
        let addresses = client.folders().var_lib().join("cni/networks/net");
        for entry in addresses.read_dir().unwrap() {
            let path = entry.unwrap().path();
            // host-local accepts one remaining address.
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if name.starts_with("10.9") || name.starts_with("fd09") {
                fs::remove_file(path).unwrap();
            }
        }
        let error = client.run("check", "net", &netns).unwrap_err();
        assert!(error.contains("host-local"), "{error}");
        client.run("del", "net", &netns).unwrap();
        assert_clean(&node, &client);
    }
}

#[test]
#[ignore = "needs host-local"]
fn check_35_gc_with_every_host_local_direct() {
    for program in programs("host-local") {
        let node = Node::new();
        fs::copy(&program, node.path("bin/host-local")).unwrap();
        let mut conf = with(&node.routed(), "ipam", &ipam());
        conf["ipam"]["dataDir"] = json!(node.path("ipam"));
        let allocated = || {
            let files = node.path("ipam/net").read_dir().unwrap();
            let names = files.map(|it| it.unwrap().file_name().into_string().unwrap());
            names.filter(|it| !it.starts_with('l')).count()
        };
        // GC with a newer configuration finds attachments of an older one.
        let kept = node.add(&conf, "kept");
        node.add(&conf, "stale");
        let gc = with(&conf, "cniVersion", &json!("1.1.0"));
        let valid = json!([{"containerID": "kept", "ifname": "net1"}]);
        let gc = with(&gc, "cni.dev/valid-attachments", &valid);
        node.node_call("GC", &gc).assert_silent_success();
        node.check(&conf, "kept", &kept).assert_silent_success();
        assert_eq!(allocated(), 2, "{}", program.display());
        node.del(&conf, "kept");
        assert_eq!(allocated(), 0, "{}", program.display());
        fs::remove_dir_all(node.path("ipam/net")).unwrap();
        node.assert_clean();
    }
}

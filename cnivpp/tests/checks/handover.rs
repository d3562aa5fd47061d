//! The files and the socket of a container.

use std::fs;

use serde_json::{Value, json};

use crate::node::{Node, memif, with};

fn read(node: &Node, name: &str) -> Value {
    let text = fs::read(node.path(name)).unwrap();
    serde_json::from_slice(&text).unwrap()
}

const CID: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

#[test]
fn check_26_config_data_in_the_shared_folder_without_kubernetes_direct() {
    let node = Node::new();
    let conf = with(&node.routed(), "sharedDir", &json!(node.text("sh")));
    let result = node.add(&conf, CID);
    let data = read(&node, "sh/0123456789ab/configData-0123456789ab-net1.json");
    assert_eq!(data["containerId"], CID);
    assert_eq!(data["ifName"], "net1");
    assert_eq!(data["name"], "net");
    let config = &data["config"];
    assert_eq!(config["engine"], "vpp");
    assert_eq!(config["iftype"], "memif");
    assert_eq!(config["netType"], "interface");
    assert_eq!(config["memif"]["role"], "slave");
    assert_eq!(config["memif"]["mode"], "ethernet");
    let socket = config["memif"]["socketfile"].as_str().unwrap();
    assert!(
        node.path("sh/0123456789ab").join(socket).exists(),
        "{socket}"
    );
    // Readers of the Go plugin's files need the version of each address.
    assert_eq!(data["ipResult"]["ips"][0]["version"], "4");
    assert_eq!(data["ipResult"]["ips"][1]["version"], "6");
    assert_eq!(
        data["ipResult"]["ips"][0]["address"],
        result["ips"][0]["address"]
    );
    node.del(&conf, CID);
    node.assert_clean();
}

#[test]
fn check_26_a_pair_of_files_without_a_shared_folder_direct() {
    let node = Node::new();
    let conf = node.routed();
    node.add(&conf, CID);
    let folder = format!("s/{CID}");
    let remote = read(&node, &format!("{folder}/remote-0123456789ab-net1.json"));
    assert_eq!(remote["name"], "net");
    assert_eq!(remote["host"]["memif"]["role"], "slave");
    let data = read(&node, &format!("{folder}/addData-0123456789ab-net1.json"));
    assert_eq!(data["containerId"], CID);
    assert_eq!(data["ipResult"]["ips"].as_array().unwrap().len(), 2);
    assert!(node.path("s/shared/memif-0123456789ab-net1.sock").exists());
    node.del(&conf, CID);
    node.assert_clean();
}

#[test]
fn check_26_del_removes_files_of_the_container_direct() {
    let node = Node::new();
    let conf = node.bridged();
    node.add(&conf, CID);
    let folder = node.path("s").join(CID);
    // usrsp-app replaced the pair by its own record.
    for name in ["remote", "addData"] {
        fs::remove_file(folder.join(format!("{name}-0123456789ab-net1.json"))).unwrap();
    }
    fs::write(folder.join("local-0123456789ab-net1.json"), "{}").unwrap();
    node.del(&conf, CID);
    node.assert_clean();
}

#[test]
fn check_27_paths_are_mapped_for_vpp_and_the_pod_direct() {
    let node = Node::new();
    let mut conf = with(&node.bridged(), "sharedDir", &json!(node.text("sh")));
    // VPP's path is a link to the node's folder. The pod has another path.
    std::os::unix::fs::symlink(node.path("sh"), node.path("seen")).unwrap();
    conf["paths"] = json!({"host": node.text("sh"), "vpp": node.text("seen"), "pod": "/pod"});
    node.add(&conf, CID);
    let expected = node.text("seen/0123456789ab/memif-0123456789ab-net1.sock");
    let state = node.sim.state();
    assert!(state.memif_sockets().any(|it| it.filename == expected));
    drop(state);
    let data = read(&node, "sh/0123456789ab/configData-0123456789ab-net1.json");
    assert_eq!(
        data["vpp"]["socket"],
        "/pod/0123456789ab/memif-0123456789ab-net1.sock"
    );
    node.del(&conf, CID);
    fs::remove_file(node.path("seen")).unwrap();
    node.assert_clean();
}

#[test]
fn check_27_an_abstract_socket_needs_no_folder_direct() {
    let node = Node::new();
    let host = memif(&json!({"memif": {"socketType": "abstract"}}));
    let conf = with(&node.bridged(), "host", &host);
    // VPP shows at most 107 bytes of the name with its network namespace.
    let netns = node.netns("ns1");
    let call = |verb: &str, conf: &Value| {
        let call = node.call(verb, conf, CID, "net1");
        call.with("CNI_NETNS", &netns).run()
    };
    let result = call("ADD", &conf).result();
    let name = format!(
        "abstract:memif-0123456789ab-net1.sock,netns_name={}",
        netns.display()
    );
    let state = node.sim.state();
    assert!(
        state.memif_sockets().any(|it| it.filename == name),
        "{}",
        state.holdings()
    );
    drop(state);
    let data = read(&node, &format!("s/{CID}/addData-0123456789ab-net1.json"));
    assert_eq!(
        data["vpp"]["socket"],
        "abstract:memif-0123456789ab-net1.sock"
    );
    call("CHECK", &with(&conf, "prevResult", &result)).assert_silent_success();
    node.del(&conf, CID);
    node.assert_clean();
    let long = node.call("ADD", &conf, CID, "net1");
    let long = long.with("CNI_NETNS", node.netns(&"n".repeat(50)));
    assert_eq!(long.run().code(), 7);
}

#[test]
fn check_29_two_pods_share_a_socket_file_direct() {
    let node = Node::new();
    let of = |id: u32| {
        let memif = json!({"memif": {"socketfile": "both.sock", "id": id}});
        node.conf(&self::memif(&memif))
    };
    let first = node.add(&of(1), "box1");
    // The same ID on the same socket is rejected, and nothing is left.
    let before = (node.vpp(), node.files());
    let rejected = node.call("ADD", &of(1), "box2", "net1").run().error();
    assert_eq!(rejected["code"], 100, "{rejected}");
    let text = rejected.to_string();
    assert!(
        text.contains("another attachment uses this socketfile and id"),
        "{text}"
    );
    node.del(&of(1), "box2");
    assert_eq!((node.vpp(), node.files()), before);
    // Another ID is accepted.
    let second = node.add(&of(2), "box2");
    node.check(&of(1), "box1", &first).assert_silent_success();
    node.del(&of(1), "box1");
    node.check(&of(2), "box2", &second).assert_silent_success();
    node.del(&of(2), "box2");
    node.assert_clean();
}

#[test]
fn check_33_the_device_file_describes_the_containers_end_direct() {
    let node = Node::new();
    let file = node.path("devinfo/cni/net-box1_net1");
    let vhost =
        |mode: &str| json!({"engine": "vpp", "iftype": "vhostuser", "vhost": {"mode": mode}});
    for (host, kind, key, value) in [
        (memif(&json!({})), "memif", "role", "slave"),
        (
            memif(&json!({"memif": {"role": "slave"}})),
            "memif",
            "role",
            "master",
        ),
        (vhost("server"), "vhost-user", "mode", "client"),
        (vhost("client"), "vhost-user", "mode", "server"),
    ] {
        let mut conf = node.conf(&host);
        conf["runtimeConfig"] = json!({"CNIDeviceInfoFile": file});
        conf["capabilities"] = json!({"CNIDeviceInfoFile": true});
        node.add(&conf, "box1");
        let text = fs::read_to_string(&file).unwrap();
        let info: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(info["type"], kind);
        assert_eq!(info["version"], "1.1.0");
        assert_eq!(info[kind][key], value, "{info}");
        let path = info[kind]["path"].as_str().unwrap();
        assert!(path.starts_with(&node.text("s/shared/")), "{path}");
        node.del(&conf, "box1");
        assert!(!file.exists());
    }
    fs::remove_dir_all(node.path("devinfo")).unwrap();
    node.assert_clean();
}

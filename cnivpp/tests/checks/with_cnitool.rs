//! Tests with libcni, through `cnitool`.

use std::fs;

use serde_json::{Value, json};

use crate::node::{Node, memif, with};
use crate::peers::cnitool::Cnitool;
use crate::peers::runtime::programs;
use crate::peers::{
    cnitool, folders, for_each_cnitool, has_namespaces, host_local, list, supports_1_1_0,
    with_host_local,
};
use crate::with_host_local::{assert_clean, netns};

#[test]
#[ignore = "needs cnitool and host-local"]
fn check_02_libcni_adds_checks_and_deletes_in_every_version_cnitool() {
    if !has_namespaces() {
        return;
    }
    let node = Node::new();
    let netns = netns(&node, "box1");
    for_each_cnitool(|program, version| {
        for conf in [node.bridged(), node.routed()] {
            let client = cnitool(program, version, &conf);
            let result = client.add("net", &netns).unwrap();
            assert_eq!(result["cniVersion"], version);
            assert_eq!(result["ips"].as_array().unwrap().len(), 2, "{result}");
            assert_eq!(node.sim.state().memifs().count(), 1);
            let checked = client.run("check", "net", &netns);
            assert_eq!(checked.is_ok(), version >= "0.4.0", "{checked:?}");
            client.run("del", "net", &netns).unwrap();
            assert_clean(&node, &client);
            client.run("del", "net", &netns).unwrap();
        }
    });
}

/// A plugin that passes the result on and records its calls.
const RECORDER: &str = r#"#!/bin/sh
IFS= read -r conf
case $CNI_COMMAND in
VERSION)
    echo '{"cniVersion":"1.1.0","supportedVersions":["0.3.0","0.3.1","0.4.0","1.0.0","1.1.0"]}'
    exit ;;
esac
echo "$CNI_COMMAND recorder $(ls "FOLDER/s/data" | grep -c json)" >>"FOLDER/calls"
[ $CNI_COMMAND != ADD ] || { conf=${conf#*'"prevResult":'}; echo "$conf" >"FOLDER/previous"
    # Keys are sorted: "type" follows.
    echo "${conf%,\"type\"*}"; }
"#;

#[test]
#[ignore = "needs cnitool and host-local"]
fn check_03_a_chain_passes_the_result_on_and_is_deleted_in_reverse_cnitool() {
    if !has_namespaces() {
        return;
    }
    let node = Node::new();
    let netns = netns(&node, "box1");
    let script = RECORDER.replace("FOLDER", &node.text(""));
    node.install("recorder", &script);
    for_each_cnitool(|program, version| {
        let conf = with_host_local(&node.routed());
        let recorder = json!({"type": "recorder"});
        let folders = folders(&host_local()).install("recorder", &node.path("bin/recorder"));
        let client = Cnitool::new(
            program,
            folders.network(&list(version, &[&conf, &recorder])),
        );
        let result = client.add("net", &netns).unwrap();
        assert_eq!(result["cniVersion"], version);
        assert_eq!(result["interfaces"][0]["sandbox"], netns);
        assert_eq!(result["ips"].as_array().unwrap().len(), 2);
        client.run("del", "net", &netns).unwrap();
        // The recorder runs after the plugin's ADD and before its DEL: the record exists.
        let calls = fs::read_to_string(node.path("calls")).unwrap();
        assert_eq!(calls, "ADD recorder 1\nDEL recorder 1\n");
        for name in ["calls", "previous"] {
            fs::remove_file(node.path(name)).unwrap();
        }
        assert_clean(&node, &client);
    });
}

#[test]
#[ignore = "needs cnitool and host-local"]
fn check_03_the_plugin_after_another_adds_its_interface_cnitool() {
    if !has_namespaces() {
        return;
    }
    let node = Node::new();
    let netns = netns(&node, "box1");
    let first = "#!/bin/sh\n[ $CNI_COMMAND != ADD ] || echo '{\"cniVersion\": \"1.0.0\", \
        \"interfaces\": [{\"name\": \"eth0\", \"sandbox\": \"/x\"}], \
        \"ips\": [{\"address\": \"192.168.1.5/24\", \"interface\": 0}]}'\n";
    node.install("first", first);
    for program in programs("cnitool") {
        let conf = with_host_local(&node.bridged());
        let folders = folders(&host_local()).install("first", &node.path("bin/first"));
        let list = list("1.0.0", &[&json!({"type": "first"}), &conf]);
        let client = Cnitool::new(&program, folders.network(&list));
        let result = client.add("net", &netns).unwrap();
        assert_eq!(result["interfaces"][0]["name"], "eth0");
        assert_eq!(result["ips"][0]["address"], "192.168.1.5/24");
        assert_eq!(result["ips"][1]["interface"], 1);
        client.run("check", "net", &netns).unwrap();
        client.run("del", "net", &netns).unwrap();
        assert_clean(&node, &client);
    }
}

#[test]
#[ignore = "needs cnitool and host-local"]
fn check_25_vhost_user_in_a_bridge_domain_cnitool() {
    if !has_namespaces() {
        return;
    }
    let node = Node::new();
    let netns = netns(&node, "box1");
    for mode in ["server", "client"] {
        let host = json!({
            "engine": "vpp", "iftype": "vhostuser", "vhost": {"mode": mode},
            "netType": "bridge", "bridge": {"bridgeName": "4"},
        });
        for program in programs("cnitool") {
            let client = cnitool(&program, "1.0.0", &node.conf(&host));
            client.add("net", &netns).unwrap();
            client.run("check", "net", &netns).unwrap();
            assert_eq!(node.sim.state().vhosts().count(), 1);
            client.run("del", "net", &netns).unwrap();
            assert_clean(&node, &client);
        }
    }
}

#[test]
#[ignore = "needs cnitool and host-local"]
fn check_26_config_data_in_the_shared_folder_cnitool() {
    if !has_namespaces() {
        return;
    }
    let node = Node::new();
    let netns = netns(&node, "box1");
    let conf = with(&node.bridged(), "sharedDir", &json!(node.path("sh")));
    let client = cnitool(&programs("cnitool")[0], "1.0.0", &conf);
    client.add("net", &netns).unwrap();
    let names: Vec<String> = node.left();
    assert!(
        names.iter().any(|it| it.contains("/configData-cnitool-")),
        "{names:?}"
    );
    client.run("del", "net", &netns).unwrap();
    assert_clean(&node, &client);
}

#[test]
#[ignore = "needs cnitool and host-local"]
fn check_33_the_device_file_of_a_capability_cnitool() {
    if !has_namespaces() {
        return;
    }
    let node = Node::new();
    let netns = netns(&node, "box1");
    let file = node.path("dev/info");
    let capability = json!({"CNIDeviceInfoFile": true, "mac": true, "ips": true});
    let conf = with(&node.conf(&memif(&json!({}))), "capabilities", &capability);
    let requested = json!({
        "CNIDeviceInfoFile": file, "mac": "02:00:00:00:00:09", "ips": ["10.9.0.77"],
    });
    for program in programs("cnitool") {
        let client = cnitool(&program, "1.0.0", &conf).with("CAP_ARGS", &requested.to_string());
        let result = client.add("net", &netns).unwrap();
        assert_eq!(result["interfaces"][0]["mac"], "02:00:00:00:00:09");
        assert_eq!(result["ips"][0]["address"], "10.9.0.77/16");
        let info: Value = serde_json::from_slice(&fs::read(&file).unwrap()).unwrap();
        assert_eq!(info["memif"]["role"], "slave");
        client.run("del", "net", &netns).unwrap();
        assert!(!file.exists());
        fs::remove_dir(node.path("dev")).unwrap();
        assert_clean(&node, &client);
    }
}

#[test]
#[ignore = "needs cnitool and host-local"]
fn check_35_gc_and_status_of_libcni_cnitool() {
    if !has_namespaces() {
        return;
    }
    let node = Node::new();
    for program in programs("cnitool").iter().filter(|it| supports_1_1_0(it)) {
        let client = cnitool(program, "1.1.0", &node.routed());
        client.run("status", "net", "").unwrap();
        client.add("net", &netns(&node, "box1")).unwrap();
        client.add("net", &netns(&node, "box2")).unwrap();
        // `cnitool` passes an empty list of valid attachments.
        client.run("gc", "net", "").unwrap();
        assert_clean(&node, &client);
    }
}

//! Tests with containerd, through `ctr`.

use serde_json::{Value, json};

use crate::node::{Node, with};
use crate::peers::runtime::RuntimeFolders;
use crate::peers::{containerd, folders, has_namespaces, host_local, list, with_host_local};

fn runtime(version: &str, conf: &Value) -> RuntimeFolders {
    folders(&host_local()).network(&list(version, &[&with_host_local(conf)]))
}

#[test]
#[ignore = "needs root, containerd, runc and host-local"]
fn check_05_and_14_a_container_is_attached_and_detached_containerd() {
    if !has_namespaces() {
        return;
    }
    let node = Node::new();
    for version in ["0.3.1", "0.4.0", "1.0.0"] {
        for conf in [node.bridged(), node.routed()] {
            let runtime = runtime(version, &conf);
            // The IDs have 9, 12 and more characters; DEL has no CNI_NETNS.
            let printed = containerd::run(
                &runtime,
                r#"for id in a box1 a-box-of-another-name; do
                    box $id /bin/sh -c 'echo in the container'
                done"#,
            );
            let printed = printed.unwrap();
            assert_eq!(printed.matches("in the container").count(), 3, "{printed}");
            assert_eq!(runtime.allocated("net"), 0);
            node.assert_clean();
        }
    }
}

#[test]
#[ignore = "needs root, containerd, runc and host-local"]
fn check_06_containers_that_share_twelve_characters_containerd() {
    if !has_namespaces() {
        return;
    }
    let node = Node::new();
    let runtime = runtime("1.0.0", &node.routed());
    let list = format!(
        "{} --state-dir {} list",
        crate::call::PROGRAM,
        node.text("s")
    );
    let script = format!(
        r#"box box1 /bin/sh -c 'echo started; exec sleep 60' >"$node/out" &
        until grep -q started "$node/out" 2>/dev/null; do sleep 0.05; done
        box box10 /bin/sh -c 'echo second'
        {list} | grep -c ready
        ctr task kill --signal SIGKILL box1
        wait %2 || true"#
    );
    // The inner container exits first. The outer one stays attached.
    assert_eq!(containerd::run(&runtime, &script).unwrap(), "second\n1\n");
    assert_eq!(runtime.allocated("net"), 0);
    node.assert_clean();
}

#[test]
#[ignore = "needs root, containerd, runc and host-local"]
fn check_26_config_data_in_the_shared_folder_containerd() {
    if !has_namespaces() {
        return;
    }
    let node = Node::new();
    let conf = with(&node.bridged(), "sharedDir", &json!(node.path("sh")));
    let runtime = runtime("1.0.0", &conf);
    let shared = node.text("sh");
    let script = format!(
        r#"box box1 /bin/sh -c 'echo started; exec sleep 60' >"$node/out" &
        until grep -q started "$node/out" 2>/dev/null; do sleep 0.05; done
        cat {shared}/*/configData-*-eth0.json
        ctr task kill --signal SIGKILL box1
        wait %2 || true"#
    );
    let printed = containerd::run(&runtime, &script).unwrap();
    let data: Value = serde_json::from_str(&printed).unwrap();
    assert_eq!(data["config"]["memif"]["role"], "slave");
    assert_eq!(data["ipResult"]["ips"].as_array().unwrap().len(), 2);
    node.assert_clean();
}

#[test]
#[ignore = "needs root, containerd, runc and host-local"]
fn check_38_a_failed_add_is_reported_by_the_runtime_containerd() {
    if !has_namespaces() {
        return;
    }
    let mut node = Node::new();
    node.stop_vpp();
    let runtime = runtime("1.0.0", &node.bridged());
    let error = containerd::run(&runtime, "box box1 /bin/sh -c true").unwrap_err();
    assert!(error.contains("cannot connect"), "{error}");
    assert_eq!(runtime.allocated("net"), 0);
}

//! The plugin called by podman with its backend for CNI.

use std::fs;
use std::process::Command;

use serde_json::{Value, json};

use crate::node::{Node, with};
use crate::peers::node as peers;
use crate::peers::{folders, has_namespaces, host_local, list, with_host_local};

/// Runs a shell script in namespaces of its own; `$root` is a root file system with
/// `/bin/sh` and `/bin/sleep`. The result is what the script printed.
fn run(runtime: &peers::Node, script: &str) -> Result<String, String> {
    let file = runtime.folder().join("podman.sh");
    fs::write(&file, include_str!("podman.sh")).unwrap();
    let output = Command::new("unshare")
        .args(["--mount", "--pid", "--fork", "--kill-child", "--mount-proc"])
        .args(["timeout", "120", "bash"])
        .arg(file)
        .args([runtime.folder().as_os_str(), script.as_ref()])
        .output()
        .unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    if output.status.success() {
        Ok(text(&output.stdout))
    } else {
        Err(text(&output.stdout) + &text(&output.stderr))
    }
}

/// The networks `net` and `other`.
fn runtime(conf: &Value) -> peers::Node {
    let conf = with_host_local(conf);
    let conf = with(&conf, "capabilities", &json!({"mac": true, "ips": true}));
    let other = with(&list("1.0.0", &[&conf]), "name", &json!("other"));
    folders(&host_local())
        .network(&list("0.4.0", &[&conf]))
        .network(&other)
}

/// What `podman inspect` shows of the networks of a container.
fn inspected(text: &str) -> Value {
    let all: Value = serde_json::from_str(text).unwrap();
    all[0]["NetworkSettings"]["Networks"].clone()
}

#[test]
#[ignore = "needs root, podman, runc and host-local"]
fn check_23_a_container_with_two_networks_podman() {
    if !has_namespaces() {
        return;
    }
    let node = Node::new();
    let runtime = runtime(&node.bridged());
    let script = r#"podman run --name a --detach --network net --network other \
            --rootfs "$root" /bin/sleep 60 >"$node/id"
        podman inspect a
        podman rm --force --time 0 a >"$node/id""#;
    let networks = inspected(&run(&runtime, script).unwrap());
    for name in ["net", "other"] {
        let network = &networks[name];
        assert!(
            network["IPAddress"].as_str().unwrap().starts_with("10.9."),
            "{networks}"
        );
        assert_eq!(
            network["MacAddress"].as_str().unwrap().len(),
            17,
            "{networks}"
        );
        assert_eq!(runtime.allocated(name), 0);
    }
    node.assert_clean();
}

#[test]
#[ignore = "needs root, podman, runc and host-local"]
fn check_24_requested_addresses_podman() {
    if !has_namespaces() {
        return;
    }
    let node = Node::new();
    for conf in [node.bridged(), node.routed()] {
        let runtime = runtime(&conf);
        let script = r#"podman run --name a --detach --rootfs \
                --network net:mac=02:00:00:00:00:09,ip=10.9.0.77 "$root" \
                /bin/sleep 60 >"$node/id"
            podman inspect a
            podman rm --force --time 0 a >"$node/id""#;
        let networks = inspected(&run(&runtime, script).unwrap());
        assert_eq!(
            networks["net"]["MacAddress"], "02:00:00:00:00:09",
            "{networks}"
        );
        assert_eq!(networks["net"]["IPAddress"], "10.9.0.77", "{networks}");
        assert_eq!(runtime.allocated("net"), 0);
        node.assert_clean();
    }
}

#[test]
#[ignore = "needs root, podman, runc and host-local"]
fn check_38_a_failed_add_leaves_nothing_podman() {
    if !has_namespaces() {
        return;
    }
    let mut node = Node::new();
    let runtime = runtime(&node.bridged());
    node.stop_vpp();
    let script = r#"podman run --rm --network net --rootfs "$root" /bin/sh -c true"#;
    let error = run(&runtime, script).unwrap_err();
    assert!(error.contains("cannot connect"), "{error}");
    assert_eq!(runtime.allocated("net"), 0);
}

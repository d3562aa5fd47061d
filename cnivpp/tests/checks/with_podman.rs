//! Tests with podman and its CNI backend.

use serde_json::{Value, json};

use crate::node::{Node, with};
use crate::peers::runtime::RuntimeFolders;
use crate::peers::{folders, has_namespaces, host_local, list, with_host_local};

/// Runs a shell script with podman. In the script, `$root` is a root file system with `/bin/sh` and
/// `/bin/sleep`. Returns its output.
fn run(folders: &RuntimeFolders, script: &str) -> Result<String, String> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    folders.run_in_namespaces(include_str!("podman.sh"), script, &path)
}

/// Creates the networks `net` and `other`.
fn runtime(conf: &Value) -> RuntimeFolders {
    let conf = with_host_local(conf);
    let conf = with(&conf, "capabilities", &json!({"mac": true, "ips": true}));
    let other = with(&list("1.0.0", &[&conf]), "name", &json!("other"));
    folders(&host_local())
        .network(&list("0.4.0", &[&conf]))
        .network(&other)
}

/// Returns the networks of a container from the output of `podman inspect`.
fn networks(text: &str) -> Value {
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
    let networks = networks(&run(&runtime, script).unwrap());
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
        let networks = networks(&run(&runtime, script).unwrap());
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

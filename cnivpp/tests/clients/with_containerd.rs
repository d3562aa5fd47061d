use crate::runtime::RuntimeFolders;
use crate::{containerd, folders, ipam, list};
use serde_json::json;

fn with_ipam(version: &str) -> RuntimeFolders {
    folders().network(&list(version, json!([{"type": "example", "ipam": ipam()}])))
}

#[test]
#[ignore = "needs root, containerd, runc and host-local"]
fn a_container_is_attached_and_detached_in_every_version() {
    for version in ["0.3.1", "0.4.0", "1.0.0"] {
        let folders = with_ipam(version);
        let printed = containerd::run(
            &folders,
            r#"box box1 /bin/sh -c 'echo in the container'
            ls /var/lib/cni/networks/net"#,
        );
        let printed = printed.unwrap();
        assert!(printed.contains("in the container"), "{printed}");
        assert_eq!(folders.allocated("net"), 0, "{version}");
    }
}

#[test]
#[ignore = "needs root, containerd, runc and host-local"]
fn containers_whose_ids_share_twelve_characters_are_independent() {
    let folders = with_ipam("1.0.0");
    // The inner container exits first. The outer one must keep its addresses.
    let printed = containerd::run(
        &folders,
        r#"box box1 /bin/sh -c 'echo started; exec sleep 60' >"$node/out" &
        until grep -q started "$node/out" 2>/dev/null; do sleep 0.05; done
        box box10 /bin/sh -c 'echo second'
        ls /var/lib/cni/networks/net | grep -c '^[0-9f]'
        ctr task kill --signal SIGKILL box1
        wait %2 || true"#,
    );
    assert_eq!(printed.unwrap(), "second\n2\n");
    assert_eq!(folders.allocated("net"), 0);
}

#[test]
#[ignore = "needs root, containerd, runc and host-local"]
fn a_failed_add_is_reported_by_the_runtime() {
    let plugins = json!([{"type": "example", "ipam": {"type": "absent"}}]);
    let folders = folders().network(&list("1.0.0", plugins));
    let error = containerd::run(&folders, "box box1 /bin/sh -c true").unwrap_err();
    assert!(
        error.contains("ipam plugin absent is not installed"),
        "{error}"
    );
}

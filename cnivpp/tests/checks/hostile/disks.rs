use std::fs;
use std::os::unix::fs::{PermissionsExt, chown};

use serde_json::{Value, json};

use crate::call::Call;
use crate::node::{Node, with};

/// A shell script that makes every write to a file fail, as on a full disk.
const FULL: &str = "trap '' XFSZ; ulimit -f 0";

const NOBODY: u32 = 65534;

fn call(node: &Node, verb: &str, conf: &Value) -> Call {
    node.call(verb, conf, "box1", "net1")
}

#[test]
fn add_on_a_full_disk_leaves_nothing_direct() {
    let node = Node::new();
    for conf in [node.bridged(), node.routed()] {
        let error = call(&node, "ADD", &conf).after(FULL, false).run().error();
        assert_eq!(error["code"], 5, "{error}");
        node.assert_clean();
    }
}

#[test]
fn add_on_a_full_file_system_leaves_nothing_direct() {
    let node = Node::new();
    fs::create_dir(node.path("s")).unwrap();
    let state = node.text("s");
    let script = format!(
        "mount -t tmpfs -o size=64k none '{state}' || exit 77\n\
         head -c 1M /dev/zero >'{state}/fill' 2>/dev/null"
    );
    let added = call(&node, "ADD", &node.bridged())
        .after(&script, true)
        .run();
    if added.stdout().is_empty() {
        eprintln!("skipped: mounting is not allowed here: {added}");
        return;
    }
    let error = added.error();
    assert_eq!(error["code"], 5, "{error}");
    assert!(error.to_string().contains("ENOSPC"), "{error}");
    node.assert_clean();
}

#[test]
fn del_on_a_full_disk_removes_the_attachment_direct() {
    let node = Node::new();
    for conf in [node.bridged(), node.routed()] {
        node.add(&conf, "box1");
        let deleted = call(&node, "DEL", &conf).after(FULL, false).run();
        deleted.assert_silent_success();
        node.assert_clean();
    }
}

#[test]
fn del_on_a_full_disk_with_vpp_down_fails_direct() {
    let mut node = Node::new();
    let conf = node.routed();
    node.add(&conf, "box1");
    node.stop_vpp();
    // DEL cannot schedule a sweep, so it must fail and the runtime must try again.
    let deleted = call(&node, "DEL", &conf).after(FULL, false).run();
    deleted.error();
    assert_eq!(node.allocated(), 0);
    node.start_vpp();
    node.del(&conf, "box1");
    node.assert_clean();
}

#[test]
fn a_read_only_state_folder_is_reported_direct() {
    let node = Node::new();
    let is_root = rustix::process::getuid().is_root();
    fs::create_dir(node.path("s")).unwrap();
    for name in ["data", "pending", "locks", "shared"] {
        let path = node.path("s").join(name);
        fs::create_dir(&path).unwrap();
        fs::set_permissions(path, fs::Permissions::from_mode(0o555)).unwrap();
    }
    if is_root {
        chown(node.path("ipam"), Some(NOBODY), Some(NOBODY)).unwrap();
    }
    let before = (node.vpp(), node.files());
    for verb in ["ADD", "DEL", "GC"] {
        let conf = with(&node.bridged(), "cniVersion", &json!("1.1.0"));
        let conf = with(&conf, "cni.dev/valid-attachments", &json!([]));
        let call = call(&node, verb, &conf);
        let call = if is_root {
            call.user(NOBODY, NOBODY)
        } else {
            call
        };
        let error = call.run().error();
        assert_eq!(error["code"], 5, "{verb}: {error}");
        assert!(error["msg"].as_str().unwrap().contains("/s/"), "{error}");
    }
    assert_eq!((node.vpp(), node.files()), before);
}

//! Socket files in folders whose path VPP rejects, such as a pod's emptyDir.

use std::fs;
use std::os::unix::fs::{FileTypeExt, symlink};
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::node::{Node, memif, with};

/// The path of an emptyDir below kubelet's root folder, for the pod with this UID.
pub fn empty_dir(node: &Node, uid: &str) -> PathBuf {
    let volumes = format!("kubelet/pods/{uid}/volumes/kubernetes.io~empty-dir/shared-dir");
    node.path(&volumes)
}

/// A configuration whose shared folder is an emptyDir, and `/shared` in the pod.
pub fn conf(node: &Node, folder: &Path, host: &Value) -> Value {
    let conf = with(&node.conf(host), "sharedDir", &json!(folder));
    let paths = json!({"host": folder, "pod": "/shared"});
    with(&conf, "paths", &paths)
}

pub const UID: &str = "0f2c3b7e-5d0e-4d5b-9a53-1f1d2c3b4a5d";

/// The names of the links in the state folder.
pub fn links(node: &Node) -> Vec<String> {
    let entries = node.path("s/links").read_dir();
    let names = entries.map(|it| it.map(|it| it.unwrap().file_name().into_string().unwrap()));
    names.map_or_else(|_| Vec::new(), Iterator::collect)
}

/// The socket files below a folder.
pub fn sockets(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in folder.read_dir().unwrap().map(Result::unwrap) {
        let kind = entry.file_type().unwrap();
        if kind.is_dir() {
            found.extend(sockets(&entry.path()));
        } else if kind.is_socket() {
            found.push(entry.path());
        }
    }
    found
}

fn bridged() -> Value {
    json!({"netType": "bridge", "bridge": {"bridgeName": "4"}})
}

#[test]
fn check_27_a_socket_in_an_empty_dir_is_bound_over_a_short_path_direct() {
    let node = Node::new();
    let folder = empty_dir(&node, UID);
    fs::create_dir_all(&folder).unwrap();
    let vhost = json!({
        "engine": "vpp",
        "iftype": "vhostuser",
        "vhost": {"mode": "server"},
    });
    for host in [memif(&bridged()), vhost] {
        let conf = conf(&node, &folder, &host);
        let result = node.add(&conf, "box1");
        assert_eq!(sockets(&folder).len(), 1, "{host}");
        assert_eq!(links(&node).len(), 1, "{host}");
        let bound = node.vpp();
        assert!(
            bound.contains("/s/links/") && !bound.contains('~'),
            "{bound}"
        );
        node.check(&conf, "box1", &result).assert_silent_success();
        node.del(&conf, "box1");
        assert_eq!(sockets(&folder).len(), 0, "{host}");
        assert_eq!(folder.read_dir().unwrap().count(), 0, "{host}");
        fs::remove_dir_all(node.path("kubelet")).unwrap();
        node.assert_clean();
        fs::create_dir_all(&folder).unwrap();
    }
}

#[test]
fn check_27_a_slave_connects_over_a_short_path_direct() {
    let node = Node::new();
    let folder = empty_dir(&node, UID);
    fs::create_dir_all(&folder).unwrap();
    let host = memif(&json!({"memif": {"role": "slave"}}));
    let conf = conf(&node, &folder, &host);
    node.add(&conf, "box1");
    assert!(node.vpp().contains("/s/links/"));
    node.del(&conf, "box1");
    fs::remove_dir_all(node.path("kubelet")).unwrap();
    node.assert_clean();
}

#[test]
fn a_volume_that_kubelet_has_not_created_is_an_error_direct() {
    let node = Node::new();
    let folder = empty_dir(&node, UID);
    let conf = conf(&node, &folder, &memif(&bridged()));
    let error = node.call("ADD", &conf, "box1", "net1").run().error();
    assert_eq!(error["code"], 5, "{error}");
    assert!(
        error["details"].as_str().unwrap().contains("kubeletRoot"),
        "{error}"
    );
    assert!(!node.path("kubelet").exists());
    node.assert_clean();
}

#[test]
fn restore_recreates_a_missing_link_direct() {
    let node = Node::new();
    let folder = empty_dir(&node, UID);
    fs::create_dir_all(&folder).unwrap();
    let conf = conf(&node, &folder, &memif(&bridged()));
    let result = node.add(&conf, "box1");
    fs::remove_dir_all(node.path("s/links")).unwrap();
    node.sim.restart();
    assert!(node.operator(&["restore"]).is_success());
    assert_eq!(sockets(&folder).len(), 1);
    node.check(&conf, "box1", &result).assert_silent_success();
}

#[test]
fn del_succeeds_after_kubelet_removed_the_volume_direct() {
    let node = Node::new();
    let folder = empty_dir(&node, UID);
    fs::create_dir_all(&folder).unwrap();
    let conf = conf(&node, &folder, &memif(&bridged()));
    node.add(&conf, "box1");
    fs::remove_dir_all(node.path("kubelet")).unwrap();
    node.del(&conf, "box1");
    node.assert_clean();
}

#[test]
fn del_removes_the_link_while_vpp_is_down_direct() {
    let mut node = Node::new();
    let folder = empty_dir(&node, UID);
    fs::create_dir_all(&folder).unwrap();
    let conf = conf(&node, &folder, &memif(&bridged()));
    node.add(&conf, "box1");
    node.stop_vpp();
    node.del(&conf, "box1");
    assert_eq!(links(&node), Vec::<String>::new());
    assert_eq!(sockets(&folder).len(), 0);
}

#[test]
fn a_stale_link_is_replaced_and_other_entries_are_kept_direct() {
    let node = Node::new();
    let folder = empty_dir(&node, UID);
    fs::create_dir_all(&folder).unwrap();
    let conf = conf(&node, &folder, &memif(&bridged()));
    node.add(&conf, "box1");
    let link = node.path("s/links").join(&links(&node)[0]);
    node.del(&conf, "box1");

    symlink("/nowhere", &link).unwrap();
    node.add(&conf, "box1");
    assert!(link.read_link().unwrap().starts_with(&folder));
    node.del(&conf, "box1");

    fs::write(&link, "not a link").unwrap();
    let error = node.call("ADD", &conf, "box1", "net1").run().error();
    assert_eq!(error["code"], 5, "{error}");
    assert_eq!(fs::read_to_string(&link).unwrap(), "not a link");
}

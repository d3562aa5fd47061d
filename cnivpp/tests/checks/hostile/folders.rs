use std::fs;
use std::os::unix::fs::symlink;

use serde_json::{Value, json};

use crate::node::{Node, memif, merge, with};
use crate::snapshot::Snapshot;

const CID: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
const FOLDER: &str = "sh/0123456789ab";
const SOCKET: &str = "memif-0123456789ab-net1.sock";
const DATA: &str = "configData-0123456789ab-net1.json";

/// Creates a configuration with a shared folder that the pod's group may write to.
fn shared(node: &Node) -> Value {
    let host = memif(&json!({
        "netType": "bridge",
        "bridge": {"bridgeName": "4"},
        "memif": {"socketMode": "0660"},
    }));
    let conf = with(&node.bridged(), "host", &host);
    with(&conf, "sharedDir", &json!(node.path("sh")))
}

/// Creates a folder outside the shared folder, which must not be changed.
fn victim(node: &Node) -> Snapshot {
    fs::create_dir(node.path("victim")).unwrap();
    fs::write(node.path("victim/file"), "precious").unwrap();
    snapshot(node)
}

fn snapshot(node: &Node) -> Snapshot {
    Snapshot::of(&node.path("victim"), |_| false)
}

#[test]
fn a_link_instead_of_the_folder_is_rejected_direct() {
    let node = Node::new();
    let before = victim(&node);
    fs::create_dir(node.path("sh")).unwrap();
    symlink(node.path("victim"), node.path(FOLDER)).unwrap();
    let conf = shared(&node);
    let error = node.call("ADD", &conf, CID, "net1").run().error();
    assert_eq!(error["code"], 5, "{error}");
    node.del(&conf, CID);
    assert_eq!(snapshot(&node), before);
    assert_eq!(node.allocated(), 0);
    assert_eq!(node.sim.state().memifs().count(), 0);
}

#[test]
fn add_does_not_follow_links_instead_of_files_direct() {
    for (name, target) in [
        (SOCKET, "victim/file"),
        (DATA, "victim/file"),
        (SOCKET, "victim/new"),
        (DATA, "victim/new"),
        (SOCKET, "victim"),
        (DATA, "victim"),
    ] {
        let node = Node::new();
        let before = victim(&node);
        fs::create_dir_all(node.path(FOLDER)).unwrap();
        symlink(node.path(target), node.path(FOLDER).join(name)).unwrap();
        let conf = shared(&node);
        let added = node.call("ADD", &conf, CID, "net1").run();
        assert_eq!(snapshot(&node), before, "{name}: {added}");
        if !added.is_success() {
            added.error();
        }
        node.del(&conf, CID);
        assert_eq!(snapshot(&node), before, "{name}");
        assert_eq!(node.allocated(), 0);
        assert_eq!(node.sim.state().memifs().count(), 0);
    }
}

#[test]
fn del_succeeds_if_the_pod_replaces_its_files_direct() {
    for name in [SOCKET, DATA] {
        for kind in [
            "link",
            "link to a folder",
            "folder",
            "file",
            "fifo",
            "nothing",
        ] {
            let node = Node::new();
            let before = victim(&node);
            let conf = shared(&node);
            node.add(&conf, CID);
            let path = node.path(FOLDER).join(name);
            fs::remove_file(&path).unwrap();
            match kind {
                "link" => symlink(node.path("victim/file"), &path).unwrap(),
                "link to a folder" => symlink(node.path("victim"), &path).unwrap(),
                "folder" => fs::create_dir_all(path.join("a/b")).unwrap(),
                "file" => fs::write(&path, "x").unwrap(),
                "fifo" => {
                    let mode = rustix::fs::Mode::from_raw_mode(0o600);
                    let kind = rustix::fs::FileType::Fifo;
                    rustix::fs::mknodat(rustix::fs::CWD, &path, kind, mode, 0).unwrap();
                }
                _ => {}
            }
            node.del(&conf, CID);
            assert_eq!(snapshot(&node), before, "{name} {kind}");
            assert_eq!(node.allocated(), 0, "{name} {kind}");
            assert_eq!(node.sim.state().memifs().count(), 0, "{name} {kind}");
            let records = node.path("s/data").read_dir().unwrap();
            let records = records.filter(|it| {
                let name = it.as_ref().unwrap().file_name();
                name.to_string_lossy().ends_with(".json")
            });
            assert_eq!(records.count(), 0, "{name} {kind}");
        }
    }
}

#[test]
fn del_succeeds_if_the_pod_replaces_its_folder_direct() {
    for kind in ["link", "file", "nothing"] {
        let node = Node::new();
        let before = victim(&node);
        let conf = shared(&node);
        node.add(&conf, CID);
        fs::rename(node.path(FOLDER), node.path("sh/moved")).unwrap();
        match kind {
            "link" => symlink(node.path("victim"), node.path(FOLDER)).unwrap(),
            "file" => fs::write(node.path(FOLDER), "").unwrap(),
            _ => {}
        }
        node.del(&conf, CID);
        assert_eq!(snapshot(&node), before, "{kind}");
        assert_eq!(node.allocated(), 0, "{kind}");
        assert_eq!(node.sim.state().memifs().count(), 0, "{kind}");
    }
}

#[test]
fn a_device_file_that_is_a_link_is_replaced_direct() {
    let node = Node::new();
    let before = victim(&node);
    let mut conf = shared(&node);
    conf["runtimeConfig"] = json!({"CNIDeviceInfoFile": node.path("dev/info")});
    fs::create_dir(node.path("dev")).unwrap();
    symlink(node.path("victim/file"), node.path("dev/info")).unwrap();
    node.call("ADD", &conf, CID, "net1").run();
    node.del(&conf, CID);
    assert_eq!(snapshot(&node), before);
}

#[test]
fn overlong_names_leave_nothing_direct() {
    let node = Node::new();
    for length in [240, 255, 256, 4000] {
        let container = "c".repeat(length);
        for conf in [node.bridged(), shared(&node)] {
            let call = |verb: &str| {
                let call = node.call(verb, &conf, "short", "net1");
                call.with("CNI_CONTAINERID", &container).run()
            };
            let added = call("ADD");
            if !added.is_success() {
                added.error();
                node.assert_clean();
            }
            call("DEL").assert_silent_success();
            node.assert_clean();
        }
    }
    let name = "i".repeat(15);
    node.call("ADD", &node.bridged(), "box1", &name)
        .run()
        .result();
    node.call("DEL", &node.bridged(), "box1", &name)
        .run()
        .assert_silent_success();
    let longer = format!("{name}i");
    assert_eq!(
        node.call("ADD", &node.bridged(), "box1", &longer)
            .run()
            .code(),
        4
    );
    node.assert_clean();
}

#[test]
fn a_log_file_that_is_a_link_is_not_followed_direct() {
    let node = Node::new();
    let before = victim(&node);
    symlink(node.path("victim/file"), node.path("log")).unwrap();
    let more = json!({"logFile": node.path("log"), "logLevel": "verbose"});
    let conf = merge(node.bridged(), &more);
    node.add(&conf, CID);
    node.del(&conf, CID);
    assert_eq!(snapshot(&node), before);
}

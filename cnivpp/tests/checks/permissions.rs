//! Owners and permissions of the files of an attachment.

use std::os::unix::process::CommandExt;
use std::process::Command;

use serde_json::{Value, json};

use crate::node::{Node, memif, merge, with};

const CID: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
const SHARED: &str = "sh/0123456789ab";
const OWN: &str = "s/0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
const SOCKET: &str = "memif-0123456789ab-net1.sock";

/// The pod's group, and another group.
const GROUP: u32 = 51234;
const OTHER: u32 = 51235;

fn is_root() -> bool {
    let is_root = rustix::process::getuid().is_root();
    if !is_root {
        eprintln!("skipped: only root can give files to a group and become another user");
    }
    is_root
}

/// Whether a non-root user of this group can run a script successfully.
fn can_run(node: &Node, gid: u32, script: &str) -> bool {
    let mut shell = Command::new("sh");
    shell.args(["-c", script]).current_dir(node.path(""));
    shell.stderr(std::process::Stdio::null());
    shell.uid(gid).gid(gid).status().unwrap().success()
}

/// Creates a configuration with a secret and a group.
fn with_group(node: &Node, more: &Value) -> Value {
    let host = memif(&json!({"memif": {
        "secret": "hunter2", "group": GROUP.to_string(), "socketMode": "0660",
    }}));
    merge(node.conf(&host), more)
}

#[test]
fn only_pods_of_the_group_can_use_the_files_direct() {
    if !is_root() {
        return;
    }
    let node = Node::new();
    for (folder, socket, file, more) in [
        (
            SHARED,
            SHARED,
            "configData",
            json!({"sharedDir": node.path("sh")}),
        ),
        (OWN, "s/shared", "addData", json!({})),
    ] {
        // The umask of the runtime must not matter.
        for mask in ["000", "022", "077"] {
            let conf = with_group(&node, &more);
            let add = node.call("ADD", &conf, CID, "net1");
            add.after(&format!("umask {mask}"), false).run().result();
            let data = format!("{folder}/{file}-0123456789ab-net1.json");
            let socket = format!("{socket}/{SOCKET}");
            for (needed, script) in [
                ("read its configuration", format!("cat {data} >/dev/null")),
                ("connect", format!("test -w {socket}")),
                (
                    "keep a record",
                    format!("touch {folder}/own && rm {folder}/own"),
                ),
            ] {
                assert!(
                    can_run(&node, GROUP, &script),
                    "{mask}: the pod cannot {needed}"
                );
                assert!(
                    !can_run(&node, OTHER, &script),
                    "{mask}: another pod can {needed}"
                );
            }
            for private in ["s/data", "s/pending", "s/locks"] {
                let script = format!("ls {private}/");
                assert!(
                    !can_run(&node, GROUP, &script),
                    "{mask}: the pod can list {private}"
                );
            }
            for gid in [GROUP, OTHER] {
                assert!(!can_run(
                    &node,
                    gid,
                    "touch s/x || touch s/shared/x || touch sh/x"
                ));
            }
            node.del(&conf, CID);
            node.assert_clean();
        }
    }
}

#[test]
fn files_have_exact_modes_direct() {
    if !is_root() {
        return;
    }
    let node = Node::new();
    let grouped = with_group(&node, &json!({"sharedDir": node.path("sh")}));
    let plain = with(
        &node.conf(&memif(&json!({}))),
        "sharedDir",
        &json!(node.path("sh")),
    );
    let with_secret = memif(&json!({"memif": {"secret": "hunter2"}}));
    let with_secret = with(&plain, "host", &with_secret);
    for (conf, expected) in [
        (
            &grouped,
            [
                "folder 0:51234 775",
                "file 0:51234 640",
                "socket 0:51234 660",
            ],
        ),
        (&plain, ["folder 0:0 755", "file 0:0 644", "socket 0:0 "]),
        (
            &with_secret,
            ["folder 0:0 755", "file 0:0 600", "socket 0:0 "],
        ),
    ] {
        let add = node.call("ADD", conf, CID, "net1");
        add.after("umask 077", false).run().result();
        let files = node.files();
        let data = format!("{SHARED}/configData-0123456789ab-net1.json");
        let socket = format!("{SHARED}/{SOCKET}");
        for (name, expected) in [SHARED, &data, &socket].iter().zip(expected) {
            let found = files.get(name).unwrap();
            assert!(found.starts_with(expected), "{name}: {found}");
        }
        for (name, mode) in [
            ("s", "755"),
            ("sh", "755"),
            ("s/data", "700"),
            ("s/pending", "700"),
        ] {
            let found = files.get(name).unwrap();
            assert_eq!(found, format!("folder 0:0 {mode}"), "{name}");
        }
        let records = files.names();
        let records = records.filter(|it| it.starts_with("s/data/") && it.ends_with(".json"));
        for name in records {
            let found = files.get(name).unwrap();
            assert!(found.starts_with("file 0:0 600"), "{name}: {found}");
        }
        node.del(conf, CID);
        node.assert_clean();
    }
}

#[test]
fn an_unknown_group_is_rejected_direct() {
    let node = Node::new();
    let host = memif(&json!({"memif": {"group": "no-such-group-here"}}));
    let conf = node.conf(&host);
    let error = node.call("ADD", &conf, CID, "net1").run().error();
    assert_eq!(error["code"], 7, "{error}");
    assert!(error.to_string().contains("no-such-group-here"), "{error}");
    node.assert_clean();
}

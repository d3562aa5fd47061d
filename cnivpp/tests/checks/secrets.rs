//! Secrets of memifs are only in the files that need them.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use serde_json::{Value, json};
use vpp_sim::{Fault, FaultRule};

use crate::call::Reply;
use crate::node::{Node, memif, merge, with};

const SECRET: &str = "hunter2-correct-horse";

/// Asserts that the output does not contain the secret.
#[track_caller]
fn assert_no_secret(reply: &Reply) {
    let text = reply.to_string();
    assert!(!text.contains(SECRET), "{text}");
}

/// Finds the files below a folder that contain the secret, with their modes.
fn files_with_secret(folder: &Path) -> Vec<(String, u32)> {
    let mut all = Vec::new();
    for entry in folder.read_dir().unwrap() {
        let path = entry.unwrap().path();
        let found = path.symlink_metadata().unwrap();
        if found.is_dir() {
            all.extend(files_with_secret(&path));
        } else if found.is_file() && fs::read_to_string(&path).is_ok_and(|it| it.contains(SECRET)) {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            all.push((name, found.mode() & 0o7777));
        }
    }
    all.sort();
    all
}

fn with_secret(node: &Node) -> Value {
    let host = memif(&json!({
        "netType": "bridge", "bridge": {"bridgeName": "4"}, "memif": {"secret": SECRET},
    }));
    let conf = with(&node.bridged(), "host", &host);
    let conf = with(&conf, "logLevel", &json!("verbose"));
    with(&conf, "logFile", &json!(node.path("log")))
}

#[test]
fn secrets_are_only_in_the_files_of_the_attachment_direct() {
    let node = Node::new();
    for shared in [false, true] {
        let mut conf = with_secret(&node);
        if shared {
            conf["sharedDir"] = json!(node.path("sh"));
        }
        let added = node.call("ADD", &conf, "box1", "net1").run();
        added.result();
        assert_no_secret(&added);
        let state = node.sim.state();
        assert_eq!(state.memifs().next().unwrap().request.secret, SECRET);
        drop(state);
        // Adds another attachment of the container without a secret.
        let plain = with(&node.bridged(), "name", &json!("plain"));
        node.call("ADD", &plain, "box1", "net2").run().result();
        let all = files_with_secret(&node.path(""));
        assert_eq!(all.len(), 2, "the record and the container's file: {all:?}");
        for (name, mode) in &all {
            assert_eq!(*mode, 0o600, "{name}");
            assert!(name.contains("net1"), "{name}");
        }
        let checked = node.check(&conf, "box1", &added.result());
        checked.assert_silent_success();
        assert_no_secret(&checked);
        for command in [
            &["list"][..],
            &["list", "--json"],
            &["doctor"],
            &["restore"],
            &["gc"],
        ] {
            assert_no_secret(&node.operator(command));
        }
        for again in ["ADD", "DEL"] {
            assert_no_secret(&node.call(again, &conf, "box1", "net1").run());
        }
        node.call("DEL", &plain, "box1", "net2")
            .run()
            .assert_silent_success();
        let log = fs::read_to_string(node.path("log")).unwrap();
        assert!(log.contains("DEBUG") || log.contains("TRACE"), "{log}");
        assert!(!log.contains(SECRET), "{log}");
        fs::remove_file(node.path("log")).unwrap();
        node.assert_clean();
    }
}

#[test]
fn secrets_are_not_in_errors_of_vpp_direct() {
    let node = Node::new();
    let conf = with_secret(&node);
    for fault in [
        Fault::Retval(-1),
        Fault::CloseAfter,
        Fault::Garbage(64),
        Fault::Truncate,
    ] {
        node.sim
            .add_fault(FaultRule::new("memif_create_v2", fault).times(1));
        assert_no_secret(&node.call("ADD", &conf, "box1", "net1").run());
        node.sim.clear_faults();
        assert_no_secret(&node.call("DEL", &conf, "box1", "net1").run());
    }
}

#[test]
fn secrets_are_not_in_errors_of_configurations_direct() {
    let node = Node::new();
    let conf = with_secret(&node);
    let wrong = [
        json!({"host": {"secret": SECRET}}),
        json!({"host": {"memif": {"Secret": SECRET}}}),
        json!({"host": {"memif": {"secret": [SECRET]}}}),
        json!({"host": {"memif": {"secret": {"value": SECRET}}}}),
        json!({"host": {"memif": {"secret": format!("{SECRET}{SECRET}")}}}),
        json!({"host": {"memif": {"secret": format!("{SECRET}\0")}}}),
        json!({"host": {"vhost": {"secret": SECRET}}}),
        json!({"container": {"memif": {"secret": "other"}}}),
        json!({"container": {"memif": {"secret": SECRET}}, "host": {"memif": {"secret": "other"}}}),
        json!({"host": {"memif": {"role": "none"}}}),
    ];
    for change in wrong {
        let conf = merge(conf.clone(), &change);
        for verb in ["ADD", "DEL", "GC"] {
            assert_no_secret(&node.call(verb, &conf, "box1", "net1").run());
        }
    }
    for key in ["host", "container"] {
        let mut conf = conf.clone();
        let memif = conf["host"]["memif"].clone();
        conf[key]["memif"] = json!([memif]);
        assert_no_secret(&node.call("ADD", &conf, "box1", "net1").run());
        conf[key] = json!([conf["host"].clone()]);
        assert_no_secret(&node.call("ADD", &conf, "box1", "net1").run());
    }
    // Truncated configurations.
    let text = conf.to_string();
    for length in (0..text.len()).step_by(7) {
        let call = node
            .call("ADD", &conf, "box1", "net1")
            .stdin(&text[..length]);
        assert_no_secret(&call.run());
    }
}

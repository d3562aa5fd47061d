use std::os::unix::fs::symlink;

use cnivpp::handover::{
    Attachment, Audience, ConfigData, read, remove, write_config_data, write_pair,
};
use rustix::fs::{CWD, Mode, mkfifoat};
use serde_json::json;

use crate::{ID, folder, full, names, write};

#[test]
fn a_malformed_entry_does_not_hide_the_others() {
    let good = serde_json::to_value(ConfigData::new(&full("x"))).unwrap();
    let with = |path: &str, value: serde_json::Value| {
        let mut data = good.clone();
        *data.pointer_mut(path).expect(path) = value;
        data.to_string()
    };
    let bad = [
        String::new(),
        "null".to_owned(),
        "[]".to_owned(),
        "{}".to_owned(),
        good.to_string().replace('}', ""),
        with("/ifName", json!("")),
        with("/ifName", json!("..")),
        with("/ifName", json!("a/b")),
        with("/ifName", json!("sixteen-bytes-xx")),
        with("/ifName", json!("a\u{0}b")),
        with("/containerId", json!("../../x")),
        with("/containerId", json!("")),
        with("/config/engine", json!("ovs-dpdk")),
        with("/config/iftype", json!("tap")),
        with("/config/netType", json!("x")),
        with("/config/memif/role", json!("")),
        with("/config/memif/mode", json!("inject-punt")),
        with("/config/bridge", json!({"bridgeId": -1})),
        with("/ipResult/ips/0/address", json!("10.1.0.5/33")),
        with("/ipResult/ips/0/address", json!("")),
        with("/ipResult/ips/0/gateway", json!("x")),
        with("/ipResult/routes/0/dst", json!("default")),
        with("/vpp/schema", json!(2)),
        with("/vpp/mac", json!("02:00")),
        with("/vpp/mtu", json!(-1)),
        with("/vpp/rxMode", json!("x")),
        with("/vpp/socket", json!("a\u{0}")),
        with("/vpp/socket", json!("x".repeat(300))),
        format!("[{}", " ".repeat(300 << 10)),
        "[".repeat(100_000),
    ];
    let (folder, dir) = folder();
    for (n, text) in bad.iter().enumerate() {
        write(folder.path(), &format!("configData-x-{n}.json"), text);
    }
    write(folder.path(), "configData-x-bytes.json", b"\xff\xfe\0");
    write(folder.path(), "remote-lonely.json", "{}");
    write_config_data(&dir, &full("net1"), Audience::default()).unwrap();
    write_pair(&dir, &full("net2"), Audience::default()).unwrap();
    let found = read(&[&dir]);
    assert_eq!(names(&found), ["net1", "net2"]);
    assert_eq!(found.problems.len(), bad.len() + 2);
    for problem in &found.problems {
        assert!(!problem.why.is_empty(), "{problem}");
    }
}

#[test]
fn bridges_out_of_range_are_rejected() {
    for (bridge, is_valid) in [
        (1, true),
        (16_777_215, true),
        (16_777_216, false),
        (0, false),
    ] {
        let (_folder, dir) = folder();
        let attachment = Attachment {
            bridge: Some(bridge),
            ..full("net1")
        };
        write_config_data(&dir, &attachment, Audience::default()).unwrap();
        assert_eq!(read(&[&dir]).attachments.len() == 1, is_valid, "{bridge}");
    }
}

/// A writer may be killed at any byte, and a full disk may truncate a file.
#[test]
fn truncated_files_are_reported() {
    let text = serde_json::to_vec(&ConfigData::new(&full("net1"))).unwrap();
    let (folder, dir) = folder();
    for length in 0..text.len() {
        write(folder.path(), "configData-x.json", &text[..length]);
        let found = read(&[&dir]);
        assert!(found.attachments.is_empty(), "{length}");
        assert_eq!(found.problems.len(), 1, "{length}");
    }
}

#[test]
fn entries_that_are_not_files_are_reported_and_do_not_block() {
    let (folder, dir) = folder();
    let elsewhere = tempfile::tempdir().unwrap();
    let secret = elsewhere.path().join("secret.json");
    let text = serde_json::to_vec(&ConfigData::new(&full("net9"))).unwrap();
    std::fs::write(&secret, text).unwrap();
    let path = |name: &str| folder.path().join(name);
    symlink(&secret, path("configData-0958c8871b32-net1.json")).unwrap();
    symlink("x", path("remote-0958c8871b32-net1.json")).unwrap();
    mkfifoat(CWD, path("local-0958c8871b32-net1.json"), Mode::RWXU).unwrap();
    std::fs::create_dir(path("addData-0958c8871b32-net1.json")).unwrap();
    let found = read(&[&dir]);
    assert!(found.attachments.is_empty());
    assert_eq!(found.problems.len(), 3, "{:?}", found.problems);

    // DEL keeps all of them and reports them.
    let (removed, errors) = remove(&dir, ID, "net1").unwrap_err();
    assert!(removed.is_empty());
    assert_eq!(errors.len(), 4);
    assert!(secret.exists());

    // ADD replaces the links and the FIFO without following them.
    write_config_data(&dir, &full("net1"), Audience::default()).unwrap();
    assert_eq!(names(&read(&[&dir])), ["net1"]);
    assert!(!elsewhere.path().join("x").exists());
    let bytes = std::fs::read(&secret).unwrap();
    assert!(String::from_utf8(bytes).unwrap().contains("net9"));
}

#[test]
fn a_folder_with_too_many_entries_is_reported() {
    let (folder, dir) = folder();
    for n in 0..=4096 {
        write(folder.path(), &format!("{n}"), "");
    }
    let found = read(&[&dir]);
    assert_eq!(found.problems.len(), 1);
    assert!(
        found.problems[0].why.contains("4096"),
        "{}",
        found.problems[0]
    );
}

#[test]
fn names_outside_the_folder_are_rejected() {
    let (_folder, dir) = folder();
    for if_name in ["../x", "a/b", "a\0b"] {
        let attachment = full(if_name);
        assert!(write_config_data(&dir, &attachment, Audience::default()).is_err());
        assert!(write_pair(&dir, &attachment, Audience::default()).is_err());
        assert!(remove(&dir, ID, if_name).is_err());
    }
    assert_eq!(dir.list(10).unwrap(), Vec::<String>::new());
}

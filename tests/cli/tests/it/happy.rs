use serde_json::Value;
use vpp_sim::Release;

use crate::support::{PROGRAMS, assert_empty, command, run, run_on, sim, sim_of};

#[test]
fn readme_command_creates_shows_and_removes() {
    for program in PROGRAMS {
        let output = run(command(program, &["--sim", "--hold", "0"]));
        assert_eq!((output.status, output.err.as_str()), (0, ""), "{output:?}");
        let ordered = ["before:", "created, ", "now:", "- ", "after:"];
        let mut rest = output.out.as_str();
        for part in ordered {
            let (_, after) = rest.split_once(part).unwrap_or_else(|| {
                panic!("{program}: no {part:?} in order in\n{}", output.out);
            });
            rest = after;
        }
    }
}

#[test]
fn everything_is_removed_on_every_release() {
    for release in [Release::V22_10, Release::V23_02, Release::LATEST] {
        for program in PROGRAMS {
            let sim = sim_of(release);
            let output = run_on(&sim, program, &[]);
            assert_eq!(output.status, 0, "{program} on {release}: {output:?}");
            assert_empty(&sim, &format!("{program} on {release}"));
        }
    }
}

#[test]
fn newest_message_that_vpp_has_is_used() {
    let sim = sim_of(Release::LATEST);
    run_on(&sim, "memifAddDel", &[]);
    let requests = sim.requests();
    assert!(requests.contains(&"memif_create_v2"));
    assert!(!requests.contains(&"memif_create"));
    let sim = sim_of(Release::V22_10);
    run_on(&sim, "memifAddDel", &[]);
    let requests = sim.requests();
    for old in [
        "memif_socket_filename_add_del",
        "memif_create",
        "bridge_domain_add_del",
    ] {
        assert!(requests.contains(&old), "{old}");
    }
}

#[test]
fn json_document_has_steps_and_objects() {
    for program in PROGRAMS {
        let sim = sim();
        let output = run_on(&sim, program, &["--json"]);
        assert_eq!(output.status, 0, "{output:?}");
        let report: Value = serde_json::from_str(&output.out).expect("one JSON document");
        assert_eq!(report["program"], program);
        assert_eq!(report["status"], 0);
        assert_eq!(report["error"], Value::Null);
        assert_eq!(report["before"], report["after"], "{program}");
        let during = &report["during"];
        let interface = &during["interfaces"][1];
        assert_eq!(interface["admin_up"], true);
        assert_eq!(interface["tag"], report["run"]);
        let steps = report["steps"].as_array().expect("steps");
        let (undo, done): (Vec<_>, Vec<_>) = steps.iter().partition(|it| it["undo"] == true);
        // The tag goes with its interface.
        assert_eq!(done.len(), undo.len() + 1, "{steps:?}");
        assert!(steps.iter().all(|it| it.get("error").is_none()));
    }
}

#[test]
fn options_are_sent_to_vpp() {
    let sim = sim();
    let options = [
        "--json",
        "--role",
        "slave",
        "--id",
        "7",
        "--mac",
        "02:00:00:00:00:07",
        "--bridge",
        "12",
        "--socket-file",
        "sub/m.sock",
        "--socket-id",
        "9",
    ];
    let output = run_on(&sim, "memifAddDel", &options);
    assert_eq!(output.status, 0, "{output:?}");
    let report: Value = serde_json::from_str(&output.out).expect("one JSON document");
    let during = &report["during"];
    assert_eq!(during["memifs"][0]["name"], "memif9/7");
    assert_eq!(during["memifs"][0]["role"], "slave");
    assert_eq!(during["interfaces"][1]["mac"], "02:00:00:00:00:07");
    assert_eq!(during["bridges"][0]["id"], 12);
    assert_eq!(during["bridges"][0]["members"][0], "memif9/7");

    let addresses = ["--address", "10.1.2.3/24", "--address", "fd00::1/64"];
    let options = [&addresses[..], &["--json", "--mode", "ip"]].concat();
    let output = run_on(&sim, "ipAddDel", &options);
    let report: Value = serde_json::from_str(&output.out).expect("one JSON document");
    let shown = report["during"]["addresses"].as_array().expect("addresses");
    let shown: Vec<_> = shown.iter().map(|it| it["address"].as_str()).collect();
    assert_eq!(shown, [Some("10.1.2.3/24"), Some("fd00::1/64")]);
    assert_eq!(report["during"]["memifs"][0]["mode"], "ip");

    let options = ["--json", "--role", "client", "--id", "3"];
    let output = run_on(&sim, "vhostUserAddDel", &options);
    let report: Value = serde_json::from_str(&output.out).expect("one JSON document");
    let vhost = &report["during"]["vhost_users"][0];
    assert_eq!(vhost["name"], "VirtualEthernet0/0/3");
    assert_eq!(vhost["role"], "client");
}

#[test]
fn socket_folders_are_created_and_removed() {
    let folder = tempfile::tempdir().expect("a folder");
    for program in PROGRAMS {
        let sim = sim();
        let file = folder.path().join("a/b/c.sock");
        let file = file.to_str().expect("UTF-8");
        let output = run_on(&sim, program, &["--socket-file", file]);
        assert_eq!(output.status, 0, "{output:?}");
        assert!(!folder.path().join("a").exists(), "{}", output.out);
        assert_empty(&sim, program);
    }
}

#[test]
fn link_local_address_is_not_deleted() {
    let sim = sim();
    let output = run_on(&sim, "ipAddDel", &["--address", "fe80::5/128"]);
    assert_eq!(output.status, 0, "{output:?}");
    assert!(output.out.contains("fe80::5/128 goes with its interface"));
    assert_empty(&sim, "link-local");
}

#[test]
fn verbose_log_has_requests_and_replies_without_colour() {
    for program in PROGRAMS {
        let sim = sim();
        let output = run_on(&sim, program, &["--verbose"]);
        assert_eq!(output.status, 0, "{output:?}");
        for part in ["show_version", "reply=ShowVersionReply", "retval=0"] {
            assert!(output.err.contains(part), "{part}: {}", output.err);
        }
        assert!(!output.err.contains('\x1b'), "{}", output.err);
    }
}

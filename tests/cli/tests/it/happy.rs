use serde_json::Value;
use vpp_sim::Release;

use crate::support::{PROGRAMS, assert_empty, command, run, run_on, sim, sim_of};

#[test]
fn the_first_command_of_the_readme_works() {
    for program in PROGRAMS {
        let ended = run(command(program, &["--sim", "--hold", "0"]));
        assert_eq!((ended.status, ended.err.as_str()), (0, ""), "{ended:?}");
        let ordered = ["before:", "created, ", "now:", "- ", "after:"];
        let mut rest = ended.out.as_str();
        for part in ordered {
            let (_, after) = rest.split_once(part).unwrap_or_else(|| {
                panic!("{program}: no {part:?} in order in\n{}", ended.out);
            });
            rest = after;
        }
    }
}

#[test]
fn nothing_stays_in_any_release() {
    for release in [Release::V22_10, Release::V23_02, Release::LATEST] {
        for program in PROGRAMS {
            let sim = sim_of(release);
            let ended = run_on(&sim, program, &[]);
            assert_eq!(ended.status, 0, "{program} on {release}: {ended:?}");
            assert_empty(&sim, &format!("{program} on {release}"));
        }
    }
}

#[test]
fn the_newest_message_is_used_and_the_old_one_where_it_must() {
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
fn json_is_one_document_with_steps_and_tables() {
    for program in PROGRAMS {
        let sim = sim();
        let ended = run_on(&sim, program, &["--json"]);
        assert_eq!(ended.status, 0, "{ended:?}");
        let told: Value = serde_json::from_str(&ended.out).expect("one document");
        assert_eq!(told["program"], program);
        assert_eq!(told["status"], 0);
        assert_eq!(told["error"], Value::Null);
        assert_eq!(told["before"], told["after"], "{program}");
        let during = &told["during"];
        let interface = &during["interfaces"][1];
        assert_eq!(interface["admin_up"], true);
        assert_eq!(interface["tag"], told["run"]);
        let steps = told["steps"].as_array().expect("steps");
        let (undo, done): (Vec<_>, Vec<_>) = steps.iter().partition(|it| it["undo"] == true);
        // The tag goes with its interface.
        assert_eq!(done.len(), undo.len() + 1, "{steps:?}");
        assert!(steps.iter().all(|it| it.get("error").is_none()));
    }
}

#[test]
fn options_reach_vpp() {
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
    let ended = run_on(&sim, "memifAddDel", &options);
    assert_eq!(ended.status, 0, "{ended:?}");
    let told: Value = serde_json::from_str(&ended.out).expect("one document");
    let during = &told["during"];
    assert_eq!(during["memifs"][0]["name"], "memif9/7");
    assert_eq!(during["memifs"][0]["role"], "slave");
    assert_eq!(during["interfaces"][1]["mac"], "02:00:00:00:00:07");
    assert_eq!(during["bridges"][0]["id"], 12);
    assert_eq!(during["bridges"][0]["members"][0], "memif9/7");

    let addresses = ["--address", "10.1.2.3/24", "--address", "fd00::1/64"];
    let options = [&addresses[..], &["--json", "--mode", "ip"]].concat();
    let ended = run_on(&sim, "ipAddDel", &options);
    let told: Value = serde_json::from_str(&ended.out).expect("one document");
    let shown = told["during"]["addresses"].as_array().expect("addresses");
    let shown: Vec<_> = shown.iter().map(|it| it["address"].as_str()).collect();
    assert_eq!(shown, [Some("10.1.2.3/24"), Some("fd00::1/64")]);
    assert_eq!(told["during"]["memifs"][0]["mode"], "ip");

    let options = ["--json", "--role", "client", "--id", "3"];
    let ended = run_on(&sim, "vhostUserAddDel", &options);
    let told: Value = serde_json::from_str(&ended.out).expect("one document");
    let vhost = &told["during"]["vhost_users"][0];
    assert_eq!(vhost["name"], "VirtualEthernet0/0/3");
    assert_eq!(vhost["role"], "client");
}

#[test]
fn folders_of_sockets_are_made_and_removed() {
    let folder = tempfile::tempdir().expect("a folder");
    for program in PROGRAMS {
        let sim = sim();
        let file = folder.path().join("a/b/c.sock");
        let file = file.to_str().expect("text");
        let ended = run_on(&sim, program, &["--socket-file", file]);
        assert_eq!(ended.status, 0, "{ended:?}");
        assert!(!folder.path().join("a").exists(), "{}", ended.out);
        assert_empty(&sim, program);
    }
}

#[test]
fn a_link_local_address_is_never_deleted() {
    let sim = sim();
    let ended = run_on(&sim, "ipAddDel", &["--address", "fe80::5/128"]);
    assert_eq!(ended.status, 0, "{ended:?}");
    assert!(ended.out.contains("fe80::5/128 goes with its interface"));
    assert_empty(&sim, "link-local");
}

#[test]
fn verbose_prints_requests_and_answers_without_colour_codes() {
    for program in PROGRAMS {
        let sim = sim();
        let ended = run_on(&sim, program, &["--verbose"]);
        assert_eq!(ended.status, 0, "{ended:?}");
        for part in ["show_version", "reply=ShowVersionReply", "retval=0"] {
            assert!(ended.err.contains(part), "{part}: {}", ended.err);
        }
        assert!(!ended.err.contains('\x1b'), "{}", ended.err);
    }
}

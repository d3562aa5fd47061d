use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;

use serde_json::Value;
use vpp_sim::{Fault, FaultRule};

use crate::support::{PROGRAMS, assert_empty, command, path_of, run, run_on, sim, sim_with};

#[test]
fn no_vpp_at_that_path() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("api.sock");
    let path = path.to_str().expect("text");
    for program in PROGRAMS {
        let ended = run(command(program, &["--socket", path]));
        assert_eq!((ended.status, ended.out.as_str()), (3, ""));
        assert!(ended.err.contains(path), "{}", ended.err);
        assert!(
            ended.err.contains("check that VPP is running"),
            "{}",
            ended.err
        );
    }
    let mut by_variable = command("memifAddDel", &[]);
    by_variable.env("VPP_API_SOCKET", path);
    let ended = run(by_variable);
    assert_eq!(ended.status, 3);
    assert!(ended.err.contains(path), "{}", ended.err);
}

#[test]
fn a_socket_that_nobody_listens_on() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("api.sock");
    drop(std::os::unix::net::UnixListener::bind(&path).expect("a socket"));
    let ended = run(command(
        "ipAddDel",
        &["--socket", path.to_str().expect("text")],
    ));
    assert_eq!(ended.status, 3);
    assert!(ended.err.contains("left over"), "{}", ended.err);
}

#[test]
fn permission_denied() {
    if !rustix::process::geteuid().is_root() {
        return;
    }
    let sim = sim();
    let folder = sim.socket().parent().expect("a folder");
    let allow = |path: &std::path::Path, mode| {
        let mode = std::fs::Permissions::from_mode(mode);
        std::fs::set_permissions(path, mode).expect("it is ours");
    };
    allow(folder, 0o755);
    allow(sim.socket(), 0o700);
    // The folder that it was built in may be closed to others.
    let elsewhere = tempfile::tempdir().expect("a folder");
    allow(elsewhere.path(), 0o755);
    let program = elsewhere.path().join("memifAddDel");
    // By another process: a file that this one had open to write could not be run while
    // a child that another test has just forked still has it open as well.
    let copied = std::process::Command::new("cp")
        .arg(path_of("memifAddDel"))
        .arg(&program)
        .status();
    assert!(copied.expect("cp runs").success());
    let mut command = std::process::Command::new(program);
    command.arg("--socket").arg(sim.socket()).uid(65_534);
    let ended = run(command);
    assert_eq!(ended.status, 4, "{ended:?}");
    assert!(ended.err.contains("permission denied"), "{}", ended.err);
}

#[test]
fn a_plugin_that_is_not_loaded() {
    let hidden = ["memif_create_v2", "memif_create"];
    let sim = sim_with(hidden.map(|it| FaultRule::new(it, Fault::Hide)));
    let ended = run_on(&sim, "memifAddDel", &[]);
    assert_eq!(ended.status, 6, "{ended:?}");
    assert!(ended.err.contains("does not have memif_create"));
    assert!(ended.err.contains("the memif plugin"), "{}", ended.err);
    assert!(ended.err.contains("26.06"), "{}", ended.err);
    assert_empty(&sim, "missing plugin");
    // What does not need it does without.
    assert_eq!(run_on(&sim, "vhostUserAddDel", &[]).status, 0);
}

#[test]
fn a_message_with_another_crc() {
    let other = FaultRule::new("sw_interface_set_l2_bridge", Fault::Crc(0xdead_beef));
    let sim = sim_with([other]);
    let ended = run_on(&sim, "memifAddDel", &[]);
    assert_eq!(ended.status, 7, "{ended:?}");
    for part in [
        "sw_interface_set_l2_bridge",
        "deadbeef",
        "d0678b13",
        "26.06",
    ] {
        assert!(ended.err.contains(part), "{part}: {}", ended.err);
    }
    assert_empty(&sim, "other CRC");
}

#[test]
fn a_newer_message_with_another_crc_is_done_without() {
    let other = FaultRule::new("memif_create_v2", Fault::Crc(0xdead_beef));
    let sim = sim_with([other]);
    assert_eq!(run_on(&sim, "memifAddDel", &[]).status, 0);
    assert!(sim.requests().contains(&"memif_create"));
}

#[test]
fn options_that_make_no_sense_are_refused_before_vpp_is_asked() {
    let cases: [(&str, &[&str], &str); 10] = [
        (
            "memifAddDel",
            &["--mode", "ip", "--bridge", "5"],
            "--bridge",
        ),
        ("memifAddDel", &["--mode", "punt"], "punt"),
        ("memifAddDel", &["--mac", "01:00:5e:00:00:01"], "group"),
        ("memifAddDel", &["--bridge", "16777216"], "16777216"),
        ("memifAddDel", &["--socket-id", "0"], "--socket-id"),
        ("ipAddDel", &["--address", "10.0.0.1/0"], "prefix"),
        ("ipAddDel", &["--address", "fe80::1/64"], "link-local"),
        ("ipAddDel", &["--address", "10.0.0.1/33"], "10.0.0.1/33"),
        ("vhostUserAddDel", &["--socket-file", ""], "--socket-file"),
        (
            "memifAddDel",
            &["--socket-file", "with,comma"],
            "contains ','",
        ),
    ];
    for (program, options, part) in cases {
        let sim = sim();
        let ended = run_on(&sim, program, options);
        assert_eq!(ended.status, 2, "{options:?}: {ended:?}");
        assert!(ended.err.contains(part), "{options:?}: {}", ended.err);
        assert_eq!(sim.request_count(), 0, "{options:?}");
    }
}

#[test]
fn json_tells_failures_too() {
    let refusal = FaultRule::new("memif_create_v2", Fault::Retval(-68));
    let sim = sim_with([refusal]);
    let ended = run_on(&sim, "memifAddDel", &["--json"]);
    assert_eq!(ended.status, 5);
    let told: Value = serde_json::from_str(&ended.out).expect("one document");
    assert_eq!(told["status"], 5);
    let error = told["error"].as_str().expect("an error");
    assert!(error.contains("SUBIF_ALREADY_EXISTS"), "{error}");
    assert_eq!(told["before"], told["after"]);
}

#[test]
fn a_socket_that_vpp_cannot_listen_on() {
    let sim = sim();
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("file");
    std::fs::write(&file, "").expect("a file where the socket would be");
    let options = ["--socket-file", file.to_str().expect("UTF-8")];
    let ended = run_on(&sim, "memifAddDel", &options);
    assert_eq!(ended.status, 5, "{ended:?}");
    assert!(ended.err.contains("-14 (SYSCALL_ERROR_4"), "{}", ended.err);
    assert!(ended.err.contains("hint: "), "{}", ended.err);
    assert_empty(&sim, "cannot listen");
    assert!(file.exists());
}

use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;

use serde_json::Value;
use vpp_sim::{Fault, FaultRule};

use crate::support::{PROGRAMS, assert_empty, command, path_of, run, run_on, sim, sim_with};

#[test]
fn missing_socket_is_reported() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("api.sock");
    let path = path.to_str().expect("UTF-8");
    for program in PROGRAMS {
        let output = run(command(program, &["--socket", path]));
        assert_eq!((output.status, output.out.as_str()), (3, ""));
        assert!(output.err.contains(path), "{}", output.err);
        assert!(
            output.err.contains("check that VPP is running"),
            "{}",
            output.err
        );
    }
    let mut by_variable = command("memifAddDel", &[]);
    by_variable.env("VPP_API_SOCKET", path);
    let output = run(by_variable);
    assert_eq!(output.status, 3);
    assert!(output.err.contains(path), "{}", output.err);
}

#[test]
fn socket_without_listener_is_reported() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("api.sock");
    drop(std::os::unix::net::UnixListener::bind(&path).expect("a socket"));
    let output = run(command(
        "ipAddDel",
        &["--socket", path.to_str().expect("UTF-8")],
    ));
    assert_eq!(output.status, 3);
    assert!(output.err.contains("left over"), "{}", output.err);
}

#[test]
fn denied_permission_is_reported() {
    if !rustix::process::geteuid().is_root() {
        return;
    }
    let sim = sim();
    let folder = sim.socket().parent().expect("a folder");
    let allow = |path: &std::path::Path, mode| {
        let mode = std::fs::Permissions::from_mode(mode);
        std::fs::set_permissions(path, mode).expect("setting the permissions");
    };
    allow(folder, 0o755);
    allow(sim.socket(), 0o700);
    // Other users may have no access to the build folder.
    let elsewhere = tempfile::tempdir().expect("a folder");
    allow(elsewhere.path(), 0o755);
    let program = elsewhere.path().join("memifAddDel");
    // Another process copies the file. If this one wrote it, a child that another test forks
    // could keep it open for writing, and the file could not be executed.
    let copied = std::process::Command::new("cp")
        .arg(path_of("memifAddDel"))
        .arg(&program)
        .status();
    assert!(copied.expect("cp runs").success());
    let mut command = std::process::Command::new(program);
    command.arg("--socket").arg(sim.socket()).uid(65_534);
    let output = run(command);
    assert_eq!(output.status, 4, "{output:?}");
    assert!(output.err.contains("permission denied"), "{}", output.err);
}

#[test]
fn missing_plugin_is_reported() {
    let hidden = ["memif_create_v2", "memif_create"];
    let sim = sim_with(hidden.map(|it| FaultRule::new(it, Fault::Hide)));
    let output = run_on(&sim, "memifAddDel", &[]);
    assert_eq!(output.status, 6, "{output:?}");
    assert!(output.err.contains("does not have memif_create"));
    assert!(output.err.contains("the memif plugin"), "{}", output.err);
    assert!(output.err.contains("26.06"), "{}", output.err);
    assert_empty(&sim, "missing plugin");
    // Programs that do not need the plugin work.
    assert_eq!(run_on(&sim, "vhostUserAddDel", &[]).status, 0);
}

#[test]
fn message_with_another_crc_is_reported() {
    let other = FaultRule::new("sw_interface_set_l2_bridge", Fault::Crc(0xdead_beef));
    let sim = sim_with([other]);
    let output = run_on(&sim, "memifAddDel", &[]);
    assert_eq!(output.status, 7, "{output:?}");
    for part in [
        "sw_interface_set_l2_bridge",
        "deadbeef",
        "d0678b13",
        "26.06",
    ] {
        assert!(output.err.contains(part), "{part}: {}", output.err);
    }
    assert_empty(&sim, "other CRC");
}

#[test]
fn older_message_is_used_if_the_newer_has_another_crc() {
    let other = FaultRule::new("memif_create_v2", Fault::Crc(0xdead_beef));
    let sim = sim_with([other]);
    assert_eq!(run_on(&sim, "memifAddDel", &[]).status, 0);
    assert!(sim.requests().contains(&"memif_create"));
}

#[test]
fn invalid_options_are_refused_before_anything_is_sent() {
    let cases: [(&str, &[&str], &str); 10] = [
        (
            "memifAddDel",
            &["--mode", "ip", "--bridge", "5"],
            "--bridge",
        ),
        ("memifAddDel", &["--mode", "punt"], "punt"),
        ("memifAddDel", &["--mac", "01:00:5e:00:00:01"], "multicast"),
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
        let output = run_on(&sim, program, options);
        assert_eq!(output.status, 2, "{options:?}: {output:?}");
        assert!(output.err.contains(part), "{options:?}: {}", output.err);
        assert_eq!(sim.request_count(), 0, "{options:?}");
    }
}

#[test]
fn json_document_has_the_error() {
    let refusal = FaultRule::new("memif_create_v2", Fault::Retval(-68));
    let sim = sim_with([refusal]);
    let output = run_on(&sim, "memifAddDel", &["--json"]);
    assert_eq!(output.status, 5);
    let report: Value = serde_json::from_str(&output.out).expect("one JSON document");
    assert_eq!(report["status"], 5);
    let error = report["error"].as_str().expect("an error");
    assert!(error.contains("SUBIF_ALREADY_EXISTS"), "{error}");
    assert_eq!(report["before"], report["after"]);
}

#[test]
fn socket_file_that_exists_is_refused_and_kept() {
    let sim = sim();
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("file");
    std::fs::write(&file, "").expect("writing the file");
    let options = ["--socket-file", file.to_str().expect("UTF-8")];
    let output = run_on(&sim, "memifAddDel", &options);
    assert_eq!(output.status, 5, "{output:?}");
    assert!(
        output.err.contains("-14 (SYSCALL_ERROR_4"),
        "{}",
        output.err
    );
    assert!(output.err.contains("hint: "), "{}", output.err);
    assert_empty(&sim, "cannot listen");
    assert!(file.exists());
}

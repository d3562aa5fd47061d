use rustix::process::Signal;
use serde_json::Value;
use vpp_sim::{Fault, FaultRule};

use crate::refusals::each_step;
use crate::support::{PROGRAMS, assert_empty, sim, sim_with, spawn_on, wait_for_request};

#[test]
fn signal_during_hold_removes_everything() {
    for program in PROGRAMS {
        for (signal, status) in [(Signal::INT, 130), (Signal::TERM, 143)] {
            let sim = sim();
            let mut running = spawn_on(&sim, program, &["--hold", "600"]);
            running.wait_for_line("holding");
            assert_eq!(sim.state().interfaces().count(), 2);
            running.signal(signal);
            let output = running.wait();
            assert_eq!(output.status, status, "{program}: {output:?}");
            assert!(output.err.contains("received SIG"), "{}", output.err);
            assert_empty(&sim, program);
        }
    }
}

#[test]
fn signal_during_a_pending_request_removes_everything() {
    each_step(|program, step| {
        let context = format!("{program}, {step} outstanding");
        let sim = sim_with([FaultRule::new(step, Fault::Hold).times(1)]);
        let running = spawn_on(&sim, program, &["--hold", "600", "--timeout", "60"]);
        wait_for_request(&sim, step);
        running.signal(Signal::TERM);
        sim.send_held_replies();
        let output = running.wait();
        assert_eq!(output.status, 143, "{context}: {output:?}");
        assert_empty(&sim, &context);
    });
}

#[test]
fn signal_while_connecting_ends_the_program() {
    let sim = sim_with([FaultRule::new("show_version", Fault::Lose)]);
    let running = spawn_on(&sim, "memifAddDel", &["--timeout", "600"]);
    wait_for_request(&sim, "show_version");
    running.signal(Signal::INT);
    assert_eq!(running.wait().status, 130);
    assert_empty(&sim, "connecting");
}

#[test]
fn second_signal_exits_and_names_what_is_left() {
    // VPP deletes the memif, and reads nothing afterwards.
    let sim = sim_with([FaultRule::new("memif_delete", Fault::StopReading)]);
    let mut running = spawn_on(&sim, "memifAddDel", &["--hold", "600"]);
    running.wait_for_line("holding");
    running.signal(Signal::TERM);
    wait_for_request(&sim, "memif_delete");
    running.signal(Signal::TERM);
    let output = running.wait();
    assert_eq!(output.status, 10, "{output:?}");
    assert!(
        output.err.contains("left behind: memif socket"),
        "{}",
        output.err
    );
}

#[test]
fn json_document_is_complete_after_a_signal() {
    let sim = sim();
    let running = spawn_on(&sim, "ipAddDel", &["--json", "--hold", "600"]);
    // Adding the addresses is the last step before the hold.
    wait_for_request(&sim, "sw_interface_add_del_address");
    running.signal(Signal::INT);
    let output = running.wait();
    assert_eq!(output.status, 130);
    let report: Value = serde_json::from_str(&output.out).expect("one JSON document");
    assert_eq!(report["status"], 130);
    assert_eq!(report["before"], report["after"]);
    assert_empty(&sim, "json");
}

#[test]
fn files_are_removed_after_vpp_exits_during_hold() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("a/b.sock");
    for program in PROGRAMS {
        let sim = sim();
        let options = [
            "--hold",
            "600",
            "--socket-file",
            file.to_str().expect("UTF-8"),
        ];
        let mut running = spawn_on(&sim, program, &options);
        running.wait_for_line("holding");
        assert!(file.exists());
        drop(sim);
        let output = running.wait();
        assert_eq!(output.status, 9, "{program}: {output:?}");
        assert!(output.out.contains("went with VPP"), "{}", output.out);
        assert!(!folder.path().join("a").exists(), "{}", output.out);
    }
}

#[test]
fn vpp_restart_during_hold_is_reported() {
    let sim = sim();
    let mut running = spawn_on(&sim, "memifAddDel", &["--hold", "600"]);
    running.wait_for_line("holding");
    sim.restart();
    let output = running.wait();
    assert_eq!(output.status, 9, "{output:?}");
    assert!(output.out.contains("no longer exists"), "{}", output.out);
}

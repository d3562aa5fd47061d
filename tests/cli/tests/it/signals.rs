use rustix::process::Signal;
use serde_json::Value;
use vpp_sim::{Fault, FaultRule};

use crate::refusals::each_step;
use crate::support::{PROGRAMS, assert_empty, sim, sim_with, spawn_on, wait_for_request};

#[test]
fn a_signal_ends_the_hold_and_takes_everything_back() {
    for program in PROGRAMS {
        for (signal, status) in [(Signal::INT, 130), (Signal::TERM, 143)] {
            let sim = sim();
            let mut running = spawn_on(&sim, program, &["--hold", "600"]);
            running.wait_for_line("holding");
            assert_eq!(sim.state().interfaces().count(), 2);
            running.signal(signal);
            let ended = running.end();
            assert_eq!(ended.status, status, "{program}: {ended:?}");
            assert!(ended.err.contains("told to end"), "{}", ended.err);
            assert_empty(&sim, program);
        }
    }
}

#[test]
fn a_signal_while_any_answer_is_outstanding_leaks_nothing() {
    each_step(|program, step| {
        let context = format!("{program}, {step} outstanding");
        let sim = sim_with([FaultRule::new(step, Fault::Hold).times(1)]);
        let running = spawn_on(&sim, program, &["--hold", "600", "--timeout", "60"]);
        wait_for_request(&sim, step);
        running.signal(Signal::TERM);
        sim.send_held_replies();
        let ended = running.end();
        assert_eq!(ended.status, 143, "{context}: {ended:?}");
        assert_empty(&sim, &context);
    });
}

#[test]
fn a_signal_while_connecting() {
    let sim = sim_with([FaultRule::new("show_version", Fault::Lose)]);
    let running = spawn_on(&sim, "memifAddDel", &["--timeout", "600"]);
    wait_for_request(&sim, "show_version");
    running.signal(Signal::INT);
    assert_eq!(running.end().status, 130);
    assert_empty(&sim, "connecting");
}

#[test]
fn a_second_signal_gives_up_and_names_what_stays() {
    // The memif is deleted; what follows is never read.
    let sim = sim_with([FaultRule::new("memif_delete", Fault::StopReading)]);
    let mut running = spawn_on(&sim, "memifAddDel", &["--hold", "600"]);
    running.wait_for_line("holding");
    running.signal(Signal::TERM);
    wait_for_request(&sim, "memif_delete");
    running.signal(Signal::TERM);
    let ended = running.end();
    assert_eq!(ended.status, 10, "{ended:?}");
    assert!(
        ended.err.contains("left behind: memif socket"),
        "{}",
        ended.err
    );
}

#[test]
fn json_is_one_document_after_a_signal_too() {
    let sim = sim();
    let running = spawn_on(&sim, "ipAddDel", &["--json", "--hold", "600"]);
    // The addresses are the last that it asks before it holds.
    wait_for_request(&sim, "sw_interface_add_del_address");
    running.signal(Signal::INT);
    let ended = running.end();
    assert_eq!(ended.status, 130);
    let told: Value = serde_json::from_str(&ended.out).expect("one document");
    assert_eq!(told["status"], 130);
    assert_eq!(told["before"], told["after"]);
    assert_empty(&sim, "json");
}

#[test]
fn vpp_ends_during_the_hold() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("a/b.sock");
    for program in PROGRAMS {
        let sim = sim();
        let options = [
            "--hold",
            "600",
            "--socket-file",
            file.to_str().expect("text"),
        ];
        let mut running = spawn_on(&sim, program, &options);
        running.wait_for_line("holding");
        assert!(file.exists());
        drop(sim);
        let ended = running.end();
        assert_eq!(ended.status, 9, "{program}: {ended:?}");
        assert!(ended.out.contains("went with VPP"), "{}", ended.out);
        assert!(!folder.path().join("a").exists(), "{}", ended.out);
    }
}

#[test]
fn vpp_goes_away_during_the_hold() {
    let sim = sim();
    let mut running = spawn_on(&sim, "memifAddDel", &["--hold", "600"]);
    running.wait_for_line("holding");
    sim.restart();
    let ended = running.end();
    assert_eq!(ended.status, 9, "{ended:?}");
    assert!(ended.out.contains("no longer exists"), "{}", ended.out);
}

//! Signals while files are being written.

use std::collections::BTreeMap;
use std::fs::File;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Command, ExitStatus};

use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

use super::program::{command, succeed};
use super::terminal::{read_until, slow, terminal};
use super::tree::{definitions, scratches, tree, vendor};

/// Runs a command and sends the signal as soon as its temporary folder exists in `out`.
fn interrupt(mut command: Command, out: &Path, signal: Signal) -> ExitStatus {
    let mut run = command.spawn().unwrap();
    loop {
        if let Some(status) = run.try_wait().unwrap() {
            return status;
        }
        if !scratches(out).is_empty() {
            // It may have ended. Since nobody has waited for it, the id is still its own.
            kill_process(Pid::from_child(&run), signal).unwrap();
            return run.wait().unwrap();
        }
    }
}

/// The output of `vendor` for each version.
fn written(versions: &[TempDir; 2]) -> [BTreeMap<String, Vec<u8>>; 2] {
    versions.each_ref().map(|from| {
        let out = tempfile::tempdir().unwrap();
        succeed(&vendor(from.path(), out.path()));
        tree(out.path())
    })
}

#[test]
fn a_signal_leaves_old_files_or_new_ones() {
    let versions = [definitions(1), definitions(2)];
    let expected = written(&versions);
    let out = tempfile::tempdir().unwrap();
    succeed(&vendor(versions[0].path(), out.path()));
    for round in 1..5 {
        for signal in [Signal::INT, Signal::TERM, Signal::HUP] {
            let mut run = command(&vendor(versions[round % 2].path(), out.path()));
            // On a terminal, the program also has threads that draw.
            let (_user, program) = terminal();
            if round > 2 {
                run.stderr(program);
            }
            let status = interrupt(run, out.path(), signal);
            let ended_by = status.signal();
            let is_known = status.success() || ended_by == Some(signal.as_raw());
            assert!(is_known, "{status}");
            assert!(expected.contains(&tree(out.path())), "{status}");
        }
    }
}

#[test]
fn the_next_run_repairs_the_output_of_a_killed_one() {
    let versions = [definitions(1), definitions(2)];
    let expected = written(&versions);
    let out = tempfile::tempdir().unwrap();
    succeed(&vendor(versions[0].path(), out.path()));
    for round in 1..5 {
        let from = versions[round % 2].path();
        let run = command(&vendor(from, out.path()));
        interrupt(run, out.path(), Signal::KILL);
        for (name, text) in tree(out.path()) {
            let mut all = expected.iter();
            let is_known = all.any(|version| version.get(&name) == Some(&text));
            let is_ours = name.starts_with(".vpp-codegen-");
            assert!(is_known || is_ours, "{name} is neither old nor new");
        }
        succeed(&vendor(from, out.path()));
        assert!(tree(out.path()) == expected[round % 2]);
    }
}

#[test]
fn a_signal_ends_a_run_while_it_reads() {
    let folder = tempfile::tempdir().unwrap();
    let pipe = folder.path().join("slow.json");
    let mut run = slow(&pipe, &[]).spawn().unwrap();
    // Opening blocks until the program reads the pipe.
    let _writer = File::options().write(true).open(&pipe).unwrap();
    kill_process(Pid::from_child(&run), Signal::INT).unwrap();
    assert_eq!(run.wait().unwrap().signal(), Some(Signal::INT.as_raw()));
    let found = std::fs::read_dir(folder.path()).unwrap();
    assert_eq!(found.count(), 1, "nothing but the pipe");
}

#[test]
fn a_signal_ends_a_run_while_it_waits_for_another() {
    let versions = [definitions(1), definitions(2)];
    let out = tempfile::tempdir().unwrap();
    succeed(&vendor(versions[0].path(), out.path()));
    let before = tree(out.path());
    let other = File::open(out.path()).unwrap();
    other.lock().unwrap();
    let (mut user, program) = terminal();
    let mut command = command(&vendor(versions[1].path(), out.path()));
    let mut run = command.stderr(program).spawn().unwrap();
    read_until(&mut user, Some("waiting for another run"));
    kill_process(Pid::from_child(&run), Signal::INT).unwrap();
    assert_eq!(run.wait().unwrap().signal(), Some(Signal::INT.as_raw()));
    assert!(tree(out.path()) == before);
}

//! Injects faults into every system call of the plugin on a file of the node, one per run.
//!
//! strace injects the faults, so the plugin needs no code for it. The calls are recorded in a run
//! without faults.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use crate::attachment::{check_fault, run_in_parallel};
use crate::node::{Node, Result};
use crate::scenario::Scenario;

/// The calls that open, change or lock files.
const CALLS: &str = "openat,openat2,mkdirat,renameat,renameat2,unlinkat,unlink,pwrite64,fchmod,\
                     fchown,fchownat,fchmodat,chmod,flock,getdents64,statx,newfstatat";

/// One system call: its name, and its position among the calls of that name.
type Call = (String, usize);

/// The faults to inject.
const FAULTS: [&str; 3] = ["error=EIO", "error=ENOSPC", "signal=KILL"];

fn traced(node: &Node, verb: &str, options: &[&str]) -> Result<Output> {
    let mut command = node.command(Path::new("strace"), verb, "box1");
    command.args(["-qq", "-y", "-o"]).arg(node.path("trace"));
    command.args(options).arg(env!("CARGO_BIN_EXE_userspace"));
    let done = node.run(command, 60)?;
    Ok(done)
}

/// The calls on files of the node.
fn calls(scenario: &Scenario, verb: &str) -> Result<Vec<Call>> {
    let node = Node::new(scenario.release, &scenario.host)?;
    if verb == "DEL" {
        node.call("ADD", "box1")?;
    }
    let done = traced(&node, verb, &["-e", &format!("trace={CALLS}")])?;
    if !done.status.success() {
        let err = String::from_utf8_lossy(&done.stderr).into_owned();
        return Err(format!("{verb} under strace failed: {err}").into());
    }
    let folder = node.path("").display().to_string();
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    let mut calls = Vec::new();
    for line in fs::read_to_string(node.path("trace"))?.lines() {
        let Some((name, _)) = line.split_once('(') else {
            continue;
        };
        let count = counts.entry(name.to_owned()).or_default();
        *count += 1;
        if line.contains(folder.trim_end_matches('/')) {
            calls.push((name.to_owned(), *count));
        }
    }
    Ok(calls)
}

fn sweep(scenario: &Scenario, verb: &str) -> Result<usize> {
    let mut runs = 0;
    for (name, number) in calls(scenario, verb)? {
        for fault in FAULTS {
            let context = format!("{} {verb}, {name} {number}, {fault}", scenario.name);
            let node = Node::new(scenario.release, &scenario.host)?;
            let inject = format!("inject={name}:{fault}:when={number}");
            let run_with_fault = |node: &Node| {
                let done = traced(node, verb, &["-e", &inject]);
                let _ = fs::remove_file(node.path("trace"));
                done
            };
            let checked = check_fault(&node, verb, run_with_fault, |_| {}, false);
            checked.map_err(|error| format!("{context}: {error}"))?;
            runs += 1;
        }
    }
    Ok(runs)
}

fn can_trace() -> bool {
    let traced = Command::new("strace").args(["-qq", "true"]).output();
    traced.is_ok_and(|it| it.status.success())
}

#[test]
#[ignore = "needs strace, and permission to trace"]
fn faults_of_file_operations_leave_nothing() {
    assert!(can_trace(), "strace does not work");
    let scenarios = Scenario::newest().into_iter();
    let sweeps = scenarios.flat_map(|it| ["ADD", "DEL"].map(|verb| (it.clone(), verb)));
    let runs = run_in_parallel(sweeps.map(|(it, verb)| move || sweep(&it, verb)));
    let runs = runs.unwrap_or_else(|error| panic!("{error}"));
    assert!(runs > 200, "{runs} runs");
}

use vpp_sim::{Fault, FaultRule};

use crate::attachment::{check_fault, run_in_parallel};
use crate::node::{Node, Result};
use crate::scenario::Scenario;

/// The faults to inject.
fn faults() -> Vec<Fault> {
    vec![
        Fault::Retval(-1),
        Fault::KillBefore,
        Fault::KillAfter,
        Fault::CloseBefore,
        Fault::CloseAfter,
        Fault::Restart,
        Fault::RestartAfter,
        Fault::Pause,
    ]
}

/// The requests of a verb in a run without faults.
fn requests(scenario: &Scenario, verb: &str) -> Result<Vec<&'static str>> {
    let node = Node::new(scenario.release, &scenario.host)?;
    if verb == "DEL" {
        node.call("ADD", "box1")?;
    }
    node.sim.clear_requests();
    let done = node.call(verb, "box1")?;
    if !done.status.success() {
        let out = String::from_utf8_lossy(&done.stdout).into_owned();
        return Err(format!("{}: {verb} without a fault failed: {out}", scenario.name).into());
    }
    Ok(node.sim.requests())
}

/// Injects every fault into every request of a verb, and returns the number of runs.
fn sweep(scenario: &Scenario, verb: &str) -> Result<usize> {
    let requests = requests(scenario, verb)?;
    let mut runs = 0;
    for (after, request) in (0..).zip(requests) {
        for fault in faults() {
            // VPP cannot refuse a dump. The simulator would return an empty one.
            if request.ends_with("_dump") && matches!(fault, Fault::Retval(_)) {
                continue;
            }
            let context = format!(
                "{} {verb}, request {after} ({request}), {fault:?}",
                scenario.name
            );
            let node = Node::new(scenario.release, &scenario.host)?;
            let run_with_fault = |node: &Node| {
                node.sim.clear_requests();
                let rule = FaultRule::new("*", fault.clone()).after(after).times(1);
                node.sim.add_fault(rule);
                // The plugin waits until the deadline if VPP hangs.
                let seconds = if fault == Fault::Pause { 2 } else { 60 };
                node.call_within(verb, "box1", seconds)
            };
            let clear_fault = |node: &Node| {
                node.sim.clear_faults();
                node.sim.resume();
            };
            let hangs = fault == Fault::Pause;
            let checked = check_fault(&node, verb, run_with_fault, clear_fault, hangs);
            checked.map_err(|error| format!("{context}: {error}"))?;
            runs += 1;
        }
    }
    Ok(runs)
}

fn all(verb: &'static str) -> Result<usize> {
    let scenarios = Scenario::all().into_iter();
    run_in_parallel(scenarios.map(|it| move || sweep(&it, verb)))
}

#[test]
fn faults_of_requests_during_add_leave_nothing() {
    let runs = all("ADD").unwrap_or_else(|error| panic!("{error}"));
    assert!(runs > 300, "{runs} runs");
}

#[test]
fn faults_of_requests_during_del_leave_nothing() {
    let runs = all("DEL").unwrap_or_else(|error| panic!("{error}"));
    assert!(runs > 300, "{runs} runs");
}

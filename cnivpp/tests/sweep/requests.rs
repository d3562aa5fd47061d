use vpp_sim::{Fault, FaultRule};

use crate::attachment::{side_by_side, survives};
use crate::node::{Node, Result};
use crate::scenario::Scenario;

/// What goes wrong with a request.
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

/// The requests that a verb makes when nothing goes wrong.
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

/// Every fault at every request of a verb.
fn sweep(scenario: &Scenario, verb: &str) -> Result<usize> {
    let requests = requests(scenario, verb)?;
    let mut runs = 0;
    for (after, request) in (0..).zip(requests) {
        for fault in faults() {
            // VPP cannot refuse a dump, and the simulator's is empty then.
            if request.ends_with("_dump") && matches!(fault, Fault::Retval(_)) {
                continue;
            }
            let context = format!(
                "{} {verb}, request {after} ({request}), {fault:?}",
                scenario.name
            );
            let node = Node::new(scenario.release, &scenario.host)?;
            let spoil = |node: &Node| {
                node.sim.clear_requests();
                let rule = FaultRule::new("*", fault.clone()).after(after).times(1);
                node.sim.add_fault(rule);
                // A VPP that hangs is waited for until the deadline.
                let seconds = if fault == Fault::Pause { 2 } else { 60 };
                node.call_within(verb, "box1", seconds)
            };
            let mend = |node: &Node| {
                node.sim.clear_faults();
                node.sim.resume();
            };
            let hangs = fault == Fault::Pause;
            let survived = survives(&node, verb, spoil, mend, hangs);
            survived.map_err(|error| format!("{context}: {error}"))?;
            runs += 1;
        }
    }
    Ok(runs)
}

fn all(verb: &'static str) -> Result<usize> {
    let scenarios = Scenario::all().into_iter();
    side_by_side(scenarios.map(|it| move || sweep(&it, verb)))
}

#[test]
fn add_leaves_nothing_after_any_fault_of_a_request() {
    let runs = all("ADD").unwrap_or_else(|error| panic!("{error}"));
    assert!(runs > 300, "{runs} runs");
}

#[test]
fn del_leaves_nothing_after_any_fault_of_a_request() {
    let runs = all("DEL").unwrap_or_else(|error| panic!("{error}"));
    assert!(runs > 300, "{runs} runs");
}

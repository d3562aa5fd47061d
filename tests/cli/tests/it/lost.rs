//! Answers that do not come, and connections that break, at each step.

use std::time::Duration;

use vpp_sim::{Fault, FaultRule};

use crate::refusals::each_step;
use crate::support::{assert_empty, run_on, sim_with};

fn at_each_step(fault: &Fault, status: i32) {
    each_step(|program, step| {
        let context = format!("{program}, {step}: {fault:?}");
        let sim = sim_with([FaultRule::new(step, fault.clone()).times(1)]);
        let ended = run_on(&sim, program, &[]);
        assert_eq!(ended.status, status, "{context}: {ended:?}");
        assert!(ended.err.contains(step), "{context}: {}", ended.err);
        assert_empty(&sim, &context);
    });
}

#[test]
fn an_answer_that_is_lost() {
    at_each_step(&Fault::Drop, 8);
}

#[test]
fn a_request_that_is_lost() {
    at_each_step(&Fault::Lose, 8);
}

#[test]
fn a_request_that_is_carried_out_when_nobody_waits_any_more() {
    at_each_step(&Fault::Delay(Duration::from_millis(900)), 8);
}

#[test]
fn a_connection_that_breaks_after_the_request() {
    at_each_step(&Fault::CloseAfter, 9);
}

#[test]
fn a_connection_that_breaks_before_the_request() {
    at_each_step(&Fault::CloseBefore, 9);
}

#[test]
fn an_answer_that_breaks_off() {
    at_each_step(&Fault::Truncate, 9);
}

//! Lost replies and broken connections at each step.

use std::time::Duration;

use vpp_sim::{Fault, FaultRule};

use crate::refusals::each_step;
use crate::support::{assert_empty, run_on, sim_with};

fn at_each_step(fault: &Fault, status: i32) {
    each_step(|program, step| {
        let context = format!("{program}, {step}: {fault:?}");
        let sim = sim_with([FaultRule::new(step, fault.clone()).times(1)]);
        let output = run_on(&sim, program, &[]);
        assert_eq!(output.status, status, "{context}: {output:?}");
        assert!(output.err.contains(step), "{context}: {}", output.err);
        assert_empty(&sim, &context);
    });
}

#[test]
fn lost_reply_times_out() {
    at_each_step(&Fault::Drop, 8);
}

#[test]
fn lost_request_times_out() {
    at_each_step(&Fault::Lose, 8);
}

#[test]
fn request_done_after_the_timeout_is_undone() {
    at_each_step(&Fault::Delay(Duration::from_millis(900)), 8);
}

#[test]
fn connection_lost_after_the_request() {
    at_each_step(&Fault::CloseAfter, 9);
}

#[test]
fn connection_lost_before_the_request() {
    at_each_step(&Fault::CloseBefore, 9);
}

#[test]
fn truncated_reply_ends_the_connection() {
    at_each_step(&Fault::Truncate, 9);
}

//! The programs, run as their users run them, against the simulator.

#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "helpers of tests fail the test"
)]

mod bench;
mod existing;
mod failures;
mod happy;
mod lost;
mod refusals;
mod signals;
mod support;

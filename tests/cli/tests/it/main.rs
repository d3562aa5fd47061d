//! The programs against the simulator.

#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "test helpers fail the test"
)]

mod existing;
mod failures;
mod happy;
mod lost;
mod refusals;
mod signals;
mod support;

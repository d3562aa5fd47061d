//! Tests of the program `usrsp-app` with the simulator.

#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "helpers of tests fail the test"
)]

mod configures;
mod disturbed;
mod sources;
mod support;
mod watches;

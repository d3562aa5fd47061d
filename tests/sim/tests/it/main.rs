//! Tests of the simulator over its socket. The client shares only the codec with it.

#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

mod client;
mod conformance;
mod cost;
mod faults;
mod papi;
mod peer;
mod plugin;
mod program;
mod protocol;
mod segment;
mod stats;

//! The simulator seen through its socket, by a client that shares no code with it but
//! the codec.

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

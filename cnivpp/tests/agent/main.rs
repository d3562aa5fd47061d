//! The node agent `userspace agent` with the simulator.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod agent;
#[path = "../checks/call.rs"]
#[allow(dead_code, reason = "shared with the checks")]
mod call;
mod endpoints;
mod lifecycle;
#[path = "../checks/node.rs"]
#[allow(dead_code, reason = "shared with the checks")]
mod node;
mod restarts;
#[path = "../checks/snapshot.rs"]
#[allow(dead_code, reason = "shared with the checks")]
mod snapshot;

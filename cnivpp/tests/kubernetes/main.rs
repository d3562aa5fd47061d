//! Attachments of Kubernetes pods: the program `userspace` with the simulator, and an HTTPS server that
//! plays the API server.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod annotations;
#[path = "../checks/call.rs"]
#[allow(dead_code, reason = "shared with the checks")]
mod call;
mod cluster;
mod conflicts;
mod credentials;
mod hostile;
#[path = "../checks/node.rs"]
#[allow(dead_code, reason = "shared with the checks")]
mod node;
mod paths;
mod server;
#[path = "../checks/snapshot.rs"]
#[allow(dead_code, reason = "shared with the checks")]
mod snapshot;
mod with_kmock;

//! The acceptance checks of the plugin, with the program `userspace` and the simulator.
//!
//! A test's name has the number of its check, if it has one, and the client: `direct` means that
//! the test runs the program itself. Other clients must be installed, see the test's `ignore`.
//! Checks that need Kubernetes (17, 30, 31, parts of 27 and 32) are not included. Check 39 is in
//! `tests/pod`.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod bridges;
mod call;
mod damage;
mod deletes;
mod documented;
mod errors;
mod faults;
mod gc;
mod handover;
mod hostile;
mod ids;
mod layer3;
mod lifetimes;
mod node;
mod parallel;
mod paths;
mod peers;
mod permissions;
mod secrets;
mod snapshot;
mod thick_multus;
mod versions;
mod vhost;
mod with_cnitool;
mod with_containerd;
mod with_host_local;
mod with_podman;

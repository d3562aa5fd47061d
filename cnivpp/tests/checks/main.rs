//! The acceptance checks of the plugin, by number, with the program `userspace` itself.
//!
//! A test's name has the number of its check and the client: `direct` runs the program and the
//! simulator of VPP, others are installed programs and named in the test's `ignore`. What needs
//! Kubernetes (17, 30, 31, parts of 27 and 32) is not here, and neither is the container's
//! program (39).
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
mod peers;
mod permissions;
mod secrets;
mod snapshot;
mod versions;
mod vhost;
mod with_cnitool;
mod with_containerd;
mod with_host_local;
mod with_podman;

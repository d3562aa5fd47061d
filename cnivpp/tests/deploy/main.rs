//! The manifests in `deploy/`, and the commands that they run.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "../checks/call.rs"]
#[allow(dead_code, reason = "shared with the checks")]
mod call;
mod install;
mod manifests;
mod schemas;

//! The commands of `vpp-bindgen` that connect to a running VPP, which the simulator plays.

#![allow(clippy::unwrap_used, clippy::panic, reason = "these are tests")]

mod check;
mod cnivpp;
mod diff;
mod fake;
mod faults;
mod older;
mod vendor;
mod whole;

use std::process::Output;

use vpp_sim::{FaultRule, Release, Sim, SimThread};
use vpp_tests::program::vpp_bindgen;

fn vpp(release: Release, faults: impl IntoIterator<Item = FaultRule>) -> SimThread {
    let builder = Sim::builder().release(release).faults(faults);
    builder.start_thread().unwrap()
}

/// The argument that names a running VPP.
fn source(sim: &SimThread) -> String {
    format!("unix:{}", sim.socket().display())
}

fn run(arguments: &[&str]) -> Output {
    vpp_bindgen(arguments, "").unwrap()
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

/// Runs a command that fails. Returns its error, which is its only output.
fn error_of(arguments: &[&str], status: i32) -> String {
    let output = run(arguments);
    assert_eq!(output.status.code(), Some(status), "{output:?}");
    assert_eq!(text(&output.stdout), "");
    text(&output.stderr).to_owned()
}

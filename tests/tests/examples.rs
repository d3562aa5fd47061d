//! Runs the examples of vpp-bindings with the simulator.

use std::error::Error;
use std::path::Path;
use std::process::Command;

use vpp_sim::{Release, Sim};

fn run(example: &str, socket: &Path, arguments: &[&str]) -> Result<String, Box<dyn Error>> {
    let output = Command::new(example)
        .args(arguments)
        .env("VPP_API_SOCKET", socket)
        .output()?;
    let text = String::from_utf8(output.stdout)?;
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{example}: {text}\n{errors}");
    Ok(text)
}

/// The version that the examples print.
fn version() -> String {
    format!("VPP {}", Release::LATEST.number())
}

#[test]
fn call_creates_and_deletes_a_memif() {
    let sim = Sim::builder().start_thread().unwrap();
    let text = run(env!("CARGO_BIN_EXE_example-call"), sim.socket(), &[]).unwrap();
    assert_eq!(text, "created interface 1\ndeleted interface 1\n");
}

#[test]
fn dump_prints_every_interface() {
    let sim = Sim::builder().start_thread().unwrap();
    let text = run(env!("CARGO_BIN_EXE_example-dump"), sim.socket(), &[]).unwrap();
    assert_eq!(text, "0 local0\n");
}

#[test]
fn events_reports_a_loopback_that_is_created_and_deleted() {
    let sim = Sim::builder().start_thread().unwrap();
    let text = run(env!("CARGO_BIN_EXE_example-events"), sim.socket(), &["1"]).unwrap();
    assert!(text.contains("interface 1:"), "{text}");
}

#[test]
fn reconnect_prints_the_version() {
    let sim = Sim::builder().start_thread().unwrap();
    let text = run(
        env!("CARGO_BIN_EXE_example-reconnect"),
        sim.socket(),
        &["1"],
    )
    .unwrap();
    assert!(text.contains(&version()), "{text}");
}

#[test]
fn blocking_prints_version_and_interfaces() {
    let sim = Sim::builder().start_thread().unwrap();
    let text = run(env!("CARGO_BIN_EXE_example-blocking"), sim.socket(), &[]).unwrap();
    assert!(text.starts_with(&version()), "{text}");
    assert!(text.ends_with("local0\nno events\n"), "{text}");
}

#[test]
fn compare_names_the_messages_that_one_release_lacks() {
    let old = Sim::builder().release(Release::V23_02).start_thread();
    let new = Sim::builder().release(Release::LATEST).start_thread();
    let (old, new) = (old.unwrap(), new.unwrap());
    let sockets = [old.socket(), new.socket()].map(|path| path.to_str().unwrap());
    let text = run(
        env!("CARGO_BIN_EXE_example-compare"),
        old.socket(),
        &sockets,
    )
    .unwrap();
    assert!(
        text.contains("memif_create_v2: Absent -> Present"),
        "{text}"
    );
}

//! The same, driven by VPP's own Python client.

use std::process::Command;

use vpp_sim::Sim;

#[test]
#[ignore = "needs vpp_papi (PyPI)"]
fn vpp_papi_gets_every_recorded_answer() {
    let sim = Sim::builder().start_thread().unwrap();
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests");
    let python = std::env::var("PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let output = Command::new(python)
        .arg(format!("{folder}/vpp_conformance.py"))
        .arg(vpp_api_json::V26_06)
        .arg(sim.socket())
        .arg(format!("{folder}/recorded/vpp-26.06.jsonl"))
        .arg("--check")
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(text.contains("87 passed, 0 failed"), "{text}{errors}");
    assert!(output.status.success());
}

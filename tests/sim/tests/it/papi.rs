//! Replays the recordings with VPP's own Python client.

use std::process::Command;

use vpp_sim::Sim;

use crate::conformance::{FOLDER, RECORDINGS};

#[test]
#[ignore = "needs vpp_papi (PyPI)"]
fn vpp_papi_gets_every_recorded_answer() {
    let program = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/vpp_conformance.py");
    let python = std::env::var("PYTHON").unwrap_or_else(|_| "python3".to_owned());
    for (release, recording, steps) in RECORDINGS {
        let sim = Sim::builder().release(release).start_thread().unwrap();
        let output = Command::new(&python)
            .arg(program)
            // The messages of the recordings have the same CRCs in all releases.
            .arg(vpp_api_json::LATEST)
            .arg(sim.socket())
            .arg(format!("{FOLDER}/{recording}"))
            .arg("--check")
            .output()
            .unwrap();
        let text = String::from_utf8_lossy(&output.stdout);
        let errors = String::from_utf8_lossy(&output.stderr);
        let passed = format!("{steps} passed, 0 failed");
        assert!(text.contains(&passed), "{recording}: {text}{errors}");
        assert!(output.status.success(), "{recording}");
    }
}

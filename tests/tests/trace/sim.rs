//! `vpp-bindgen trace-to-sim`. The simulator's tests run the script.

use serde_json::Value;

use super::recorded::{self, Recorded};
use super::{TRACE, run, text};

/// The script in the tests of the simulator.
const SCRIPT: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/sim/tests/recorded/vpp-26.06-trace.jsonl"
);

fn script(arguments: &[&str]) -> String {
    let release = vpp_api_json::LATEST;
    let output = run(&[&["-q", "trace-to-sim", "--api-dir", release], arguments].concat());
    assert!(output.status.success(), "{output:?}");
    text(&output.stdout).to_owned()
}

#[test]
fn script_of_vpps_trace_is_the_one_that_the_simulator_runs() {
    let expected = std::fs::read_to_string(SCRIPT).unwrap();
    assert_eq!(script(&["--folder", "/tmp", TRACE]), expected);
}

#[test]
fn recorded_answers_are_wanted() {
    let Recorded { path, .. } = &recorded::session();
    let script = script(&[path]);
    let steps: Vec<Value> = script
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(steps.len(), 6, "{script}");
    assert_eq!(steps[0]["call"], "create_loopback");
    assert_eq!(steps[0]["save"], "r0");
    assert_eq!(steps[0]["want"]["retval"], 0);
    assert_eq!(steps[0]["ignore"], serde_json::json!(["sw_if_index"]));
    assert_eq!(steps[2]["args"]["sw_if_index"], "$r2.sw_if_index");
    assert_eq!(steps[3]["dump"], "ip_address_dump");
    assert_eq!(steps[3]["want"][0]["prefix"], "10.0.0.1/24");
    assert_eq!(steps[5]["want"]["retval"], -2);
}

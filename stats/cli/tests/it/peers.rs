//! Programs that others wrote read what the exporter writes.

use std::io::Write;
use std::process::{Command, Stdio};

use crate::exporter::Exporter;
use crate::running::simulate;

/// Parses standard input and prints the number of samples.
const PARSE: &str = "
import sys
from importlib import import_module
parser = import_module(sys.argv[1])
families = parser.text_string_to_metric_families(sys.stdin.read())
print(sum(len(family.samples) for family in families))
";

#[test]
#[ignore = "needs Python's prometheus-client"]
fn prometheus_client_parses_both_formats() {
    let (_folder, _sim, socket) = simulate();
    let exporter = Exporter::start(&["--socket", socket.to_str().unwrap(), "serve"]);
    for (module, accept) in [
        ("prometheus_client.parser", "text/plain"),
        (
            "prometheus_client.openmetrics.parser",
            "application/openmetrics-text",
        ),
    ] {
        let response = exporter.get("/metrics", accept);
        let text = response.split_once("\r\n\r\n").unwrap().1;
        let samples = text.lines().filter(|line| !line.starts_with('#')).count();
        let mut python = Command::new("python3")
            .args(["-c", PARSE, module])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        python
            .stdin
            .take()
            .unwrap()
            .write_all(text.as_bytes())
            .unwrap();
        let output = python.wait_with_output().unwrap();
        assert!(output.status.success(), "{module}");
        let parsed = String::from_utf8(output.stdout).unwrap();
        assert_eq!(parsed.trim(), samples.to_string(), "{module}");
    }
}

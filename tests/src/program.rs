//! Runs the program `vpp-bindgen`.

use std::io::{self, Write};
use std::process::{Command, Output, Stdio};

/// Runs `vpp-bindgen` with `arguments` and `input` on standard input. Cargo builds it if
/// needed.
///
/// # Errors
/// If it cannot be started.
pub fn vpp_bindgen(arguments: &[&str], input: &str) -> io::Result<Output> {
    let mut program = Command::new(env!("CARGO"))
        .args(["run", "--offline", "--quiet", "--package", "vpp-bindgen"])
        .args(["--bin", "vpp-bindgen", "--"])
        .args(arguments)
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    if let Some(mut stdin) = program.stdin.take() {
        stdin.write_all(input.as_bytes())?;
    }
    program.wait_with_output()
}

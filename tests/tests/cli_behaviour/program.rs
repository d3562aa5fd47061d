//! Runs the program directly instead of with cargo, so that signals and closed pipes reach it.

use std::path::PathBuf;
use std::process::{Command, Output, Stdio};
use std::sync::OnceLock;

/// The path of the program. Cargo builds it if needed.
fn path() -> &'static PathBuf {
    static PATH: OnceLock<PathBuf> = OnceLock::new();
    PATH.get_or_init(|| {
        let built = Command::new(env!("CARGO"))
            .args(["build", "--offline", "--quiet", "--message-format=json"])
            .args(["--package", "vpp-bindgen", "--bin", "vpp-bindgen"])
            .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
            .output()
            .unwrap();
        let lines = String::from_utf8(built.stdout).unwrap();
        let messages = lines
            .lines()
            .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
        let path = messages
            .filter_map(|message| message["executable"].as_str().map(PathBuf::from))
            .next_back();
        path.expect("cargo prints the path of the program")
    })
}

/// A command with empty standard input and captured output.
pub fn command<A: AsRef<std::ffi::OsStr>>(arguments: &[A]) -> Command {
    let mut command = Command::new(path());
    command
        .args(arguments)
        .env_remove("NO_COLOR")
        .env("TERM", "xterm")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

pub fn run<A: AsRef<std::ffi::OsStr>>(arguments: &[A]) -> Output {
    command(arguments).output().unwrap()
}

/// Runs a command that has to succeed. Returns its standard output.
pub fn succeed<A: AsRef<std::ffi::OsStr>>(arguments: &[A]) -> String {
    let output = run(arguments);
    let printed = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{printed}");
    String::from_utf8(output.stdout).unwrap()
}

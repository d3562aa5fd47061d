//! `vpp-bindgen`: bindings, vendored definitions and lists from the command line.

mod cli;

use std::process::ExitCode;

fn main() -> ExitCode {
    cli::run()
}

//! The program `vpp-stats`.

use std::process::ExitCode;

mod commands;
mod exporter;
mod format;
mod labels;
mod series;
mod stdout;

fn main() -> ExitCode {
    commands::run()
}

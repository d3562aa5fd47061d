//! The CNI plugin `userspace` and its commands for operators.

use std::process::ExitCode;

fn main() -> ExitCode {
    cnivpp::plugin::main()
}

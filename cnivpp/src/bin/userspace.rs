//! The CNI plugin `userspace`, and the commands of an operator.

use std::process::ExitCode;

fn main() -> ExitCode {
    cnivpp::plugin::main()
}

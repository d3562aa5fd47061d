//! Creates a memif with addresses, shows it, and takes everything back.
#![allow(non_snake_case, reason = "the name that users of the Go program know")]

use std::process::ExitCode;

use vpp_cli_tests::jobs::IpAddDel;

fn main() -> ExitCode {
    vpp_cli_tests::program::main::<IpAddDel>()
}

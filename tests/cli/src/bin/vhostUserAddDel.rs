//! Creates a vhost-user interface in a bridge domain, shows it, and takes everything back.
#![allow(non_snake_case, reason = "the name that users of the Go program know")]

use std::process::ExitCode;

use vpp_cli_tests::jobs::VhostUserAddDel;

fn main() -> ExitCode {
    vpp_cli_tests::program::main::<VhostUserAddDel>()
}

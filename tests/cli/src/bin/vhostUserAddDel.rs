//! Creates a vhost-user interface in a bridge domain, shows it, and removes everything.
#![allow(non_snake_case, reason = "the name of the Go program")]

use std::process::ExitCode;

use vpp_cli_tests::jobs::VhostUserAddDel;

fn main() -> ExitCode {
    vpp_cli_tests::program::main::<VhostUserAddDel>()
}

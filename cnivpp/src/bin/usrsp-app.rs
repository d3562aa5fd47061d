//! The program `usrsp-app`, which configures the container's VPP.

use std::process::ExitCode;

fn main() -> ExitCode {
    cnivpp::pod::main()
}

//! The program `vpp-bindgen`.

use std::process::ExitCode;

fn main() -> ExitCode {
    vpp_bindgen::run()
}

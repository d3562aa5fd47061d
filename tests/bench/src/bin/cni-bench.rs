//! Measures calls of the CNI plugin beside a program that only makes the same requests.

use std::process::ExitCode;

fn main() -> ExitCode {
    vpp_bench::cni::main()
}

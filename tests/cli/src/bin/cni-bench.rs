//! What a call of the CNI plugin costs, beside a program that only makes the same requests.

use std::process::ExitCode;

fn main() -> ExitCode {
    vpp_cli_tests::cni_bench::main()
}

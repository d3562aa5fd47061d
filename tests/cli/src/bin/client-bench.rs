//! How close the client comes to a program that only moves the same bytes.

use std::process::ExitCode;

use vpp_cli_tests::bench::{self, Counting};

#[global_allocator]
static COUNTING: Counting = Counting;

fn main() -> ExitCode {
    bench::main()
}

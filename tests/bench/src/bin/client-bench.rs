//! Measures the client beside a program that only moves the same bytes.

use std::process::ExitCode;

use vpp_bench::client::{self, CountingAllocator};

#[global_allocator]
static ALLOCATOR: CountingAllocator = CountingAllocator;

fn main() -> ExitCode {
    client::main()
}

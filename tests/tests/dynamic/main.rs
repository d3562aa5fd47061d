//! The dynamic codec: compared with generated code, and as a program.

#![cfg(test)]

mod agreement;
mod errors;
mod memory;
mod program;

use vpp_dynamic::Codec;
use vpp_tests::allocations::Counting;

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// The codec of a file in `inputs/good`.
fn of_input(name: &str) -> Codec {
    let file = format!("{}/inputs/good/{name}.api.json", env!("CARGO_MANIFEST_DIR"));
    Codec::new([file]).unwrap()
}

/// The codec of the vendored definitions.
fn vendored() -> Codec {
    Codec::new([vpp_api_json::LATEST]).unwrap()
}

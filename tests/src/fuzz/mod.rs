//! Fuzzing: invalid inputs, and the properties that hold for all of them.
//!
//! [`run`] checks a number of mutated payloads per message. The tests of this crate check a few,
//! the tests of whole releases ten million.
//!
//! [`targets`] are functions for a coverage-guided fuzzer. `fuzz/run SECONDS` runs them with
//! libFuzzer on the stable compiler. It needs a C++ compiler such as `g++` and writes faults to
//! `target/fuzz/faults`. `cargo test -p vpp-tests --test fuzz` runs the same functions on
//! their seeds and on mutations of them, without libFuzzer.

mod check;
mod mutate;
mod run;
mod seeds;
mod segment;
pub mod targets;

pub use check::{Bound, DECODED, DECODED_SMALL_STRUCTS, Subject, TEXT, check_payload};
pub use mutate::mutate;
pub use run::{FuzzPlan, Summary, run};
pub use seeds::{Seed, seeds};

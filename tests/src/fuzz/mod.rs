//! Inputs that nobody would send, and what holds for all of them.
//!
//! [`run`] checks a number of mutated payloads per message: the tests of this crate a few, the
//! tests of whole releases ten million.
//!
//! [`targets`] are functions for a coverage-guided fuzzer. `fuzz/run SECONDS` runs them with
//! libFuzzer on the stable compiler and needs a C++ compiler, as `g++`; a fault is written to
//! `target/fuzz/faults`. `cargo test -p vpp-tests --test fuzz` runs the same functions on
//! their seeds and on mutations of them, without libFuzzer.

mod bounds;
mod check;
mod mutate;
mod run;
mod seeds;
pub mod targets;

pub use bounds::{Bound, DECODED, DECODED_SMALL_STRUCTS, TEXT};
pub use check::{Subject, payload};
pub use mutate::mutate;
pub use run::{Done, Plan, run};
pub use seeds::{Seed, seeds};

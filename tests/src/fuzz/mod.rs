//! Payloads that nobody would send, and what every codec has to make of them.

mod bounds;
mod check;
mod mutate;
mod run;
mod seeds;

pub use bounds::{Bound, DECODED, DECODED_SMALL_STRUCTS, TEXT};
pub use check::{Subject, payload};
pub use mutate::mutate;
pub use run::{Plan, run};
pub use seeds::{Seed, seeds};

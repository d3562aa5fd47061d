//! Code that the tests of the workspace share.
//!
//! [`inputs`] is generated from `inputs/good`, one small definition file for each
//! construct of the API language.

pub mod agreement;
pub mod allocations;
pub mod decompile;
pub mod definitions;
pub mod fuzz;
pub mod program;
pub mod replies;
pub mod retval;
pub mod round_trip;
pub mod vectors;

use std::fmt::Write;

/// The modules generated from `inputs/good`.
#[allow(
    clippy::module_inception,
    reason = "an input and its module share a name"
)]
pub mod inputs {
    include!(concat!(env!("OUT_DIR"), "/inputs.rs"));
}

/// The messages of `inputs/messages.txt`.
pub mod messages {
    include!(concat!(env!("OUT_DIR"), "/messages/mod.rs"));
}

/// The replies of the vendored modules and of `inputs/good`.
mod all_replies {
    use crate::retval::check;

    include!(concat!(env!("OUT_DIR"), "/replies.rs"));
}

pub use all_replies::REPLIES;

/// Bytes as lower-case hex.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a String is infallible.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// The bytes of lower- or upper-case hex, or `None` if the text is not hex.
#[must_use]
pub fn unhex(text: &str) -> Option<Vec<u8>> {
    let digits = text.as_bytes();
    (0..digits.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(text.get(at..at + 2)?, 16).ok())
        .collect()
}

/// The code blocks of the README, compiled as documentation tests.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
pub struct Readme;

//! Checks whether a running VPP has the messages that a program needs.
//!
//! `needs` has the messages of the program, `report` the result, `render` its formats.

mod needs;
mod render;
mod report;

pub use needs::{MessageKey, Need, Needs, ParseNeedsError, read_needs};
pub use report::{CheckReport, Outcome, Presence};

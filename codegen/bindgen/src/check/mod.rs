//! Whether the VPP that runs has the messages that a program needs.
//!
//! One concept a file: `needs` is what a program needs, `fitness` what the VPP has of it,
//! `render` how it is said.

mod fitness;
mod needs;
mod read;
mod render;

pub use fitness::{Fitness, Outcome, State};
pub use needs::{BadNeed, Need, Needs, Wanted};
pub use read::read_needs;

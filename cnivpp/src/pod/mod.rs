//! The container's program `usrsp-app`: configures the container's VPP for the interfaces that
//! the plugin `userspace` added on the host.
//!
//! It reads the files that the plugin wrote ([`handover`](crate::handover)), compares them with
//! VPP, and creates what is missing. A second run therefore changes nothing, and a restarted
//! container is configured again.

mod configure;
mod locations;
mod options;
mod plan;
mod program;
mod report;

pub use program::main;

/// The name under which the program registers with VPP.
const NAME: &str = "usrsp-app";

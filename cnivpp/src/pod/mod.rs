//! The container's program `usrsp-app`: configures the container's VPP for the interfaces that
//! the plugin `userspace` has added on the host.
//!
//! It reads what the plugin has written ([`handover`](crate::handover)), compares with what VPP
//! has, and does what is missing. A second run therefore changes nothing, and a container that
//! was restarted is configured again.

mod configure;
mod options;
mod plan;
mod program;
mod report;
mod routes;
mod source;

pub use program::main;

/// The client name on VPP.
const NAME: &str = "usrsp-app";

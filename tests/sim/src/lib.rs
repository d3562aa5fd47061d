//! A VPP control plane that answers like VPP, for tests and machines without VPP.

mod fault;
mod release;
pub mod state;

pub use fault::{BadFault, Fault, FaultRule};
pub use release::{Release, UnknownRelease};

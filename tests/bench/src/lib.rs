//! The parts of client-bench and cni-bench. Each measures a program beside a limit: a program that
//! moves the same bytes over a plain socket and does nothing else.

pub mod client;
pub mod cni;

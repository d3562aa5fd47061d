//! Injects every fault into every request of ADD and DEL, one per run. Afterwards one DEL restores
//! the initial state. If VPP hung, the next ADD does.
//!
//! The requests are recorded in a run without faults, so that new requests are covered.
//!
//! `files` does the same for the system calls of the plugin.

mod attachment;
mod files;
mod node;
mod requests;
mod scenario;

//! The socket side: connections, frames, faults.

mod apply_fault;
mod connection;
mod core;
mod frames;
mod journal;
mod kill;
mod listener;
mod send_events;
mod shared;

pub(crate) use core::{Core, Settings};
pub(crate) use listener::serve;
pub(crate) use shared::Shared;

//! The socket side: connections, frames, clients, the message table.

mod clients;
mod connection;
mod core;
mod frames;
mod journal;
mod kill;
mod listener;
mod outbox;
mod spoil;
mod table;
mod telling;

pub(crate) use clients::Clients;
pub(crate) use core::{Core, Settings};
pub(crate) use listener::{Shared, serve};
pub(crate) use outbox::Outbox;
pub(crate) use table::Table;

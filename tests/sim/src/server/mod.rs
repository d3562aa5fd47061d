//! The socket side: connections, frames, clients, the message table.

mod apply_fault;
mod clients;
mod connection;
mod core;
mod frames;
mod journal;
mod kill;
mod listener;
mod message_table;
mod outbox;
mod send_events;

pub(crate) use clients::Clients;
pub(crate) use core::{Core, Settings};
pub(crate) use listener::{Shared, serve};
pub(crate) use message_table::MessageTable;
pub(crate) use outbox::Outbox;

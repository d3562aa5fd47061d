#![doc = include_str!("../README.md")]

mod entry;
mod error;
#[cfg(feature = "tokio")]
mod poller;
mod query;
mod read;
mod segment;
mod selection;
mod server;
mod stats;
mod value;
pub mod views;

pub use entry::{Entry, EntryType};
pub use error::{Error, Fault, Result};
#[cfg(feature = "tokio")]
pub use poller::Poller;
pub use query::{Item, Query};
pub use selection::Selection;
pub use stats::{Builder, DEFAULT_SOCKET, Stats};
pub use value::{Bin, Combined, Counter, Counters, Histogram, Names, Record, Ring, Value};

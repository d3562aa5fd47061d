//! Reads segments that tests build, and one of a real VPP.

#![cfg(test)]

mod damaged;
mod limits;
#[cfg(feature = "tokio")]
mod poller;
mod recorded;
mod restart;
mod rings;
mod segment;
mod server;
mod types;
mod updates;
mod views;

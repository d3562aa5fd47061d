//! Tests with segments that are built byte by byte, and with one recorded from a real VPP.

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

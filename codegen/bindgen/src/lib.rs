#![doc = include_str!("../README.md")]
//!
//! # Library
//!
//! [`live`] reads the message table and the definitions of a running VPP. [`check`] compares a
//! list of messages with that table.

pub mod check;
mod commands;
pub mod live;
mod origin;
mod progress;
mod signals;
mod stderr;
mod stdout;
mod trace;

pub use commands::run;

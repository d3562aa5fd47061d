//! A client for programs that are not async.
//!
//! The thread that makes a call performs the I/O itself. While no call is in progress, a
//! background thread reads events, detects a lost connection and connects again. Do not use
//! this client inside an async task, because it would block the task's thread.
//!
//! ```no_run
//! use vpp_client::Client;
//! use vpp_client::wire::bootstrap::ControlPing;
//!
//! let client = Client::builder().connect_blocking()?;
//! let pong = client.call(ControlPing {})?;
//! println!("VPP has process id {}", pong.vpe_pid);
//! # Ok::<(), vpp_client::Error>(())
//! ```

mod client;
mod dial;
mod driver;
mod iter;
mod wait;
mod worker;

pub use client::Client;
pub use iter::{DumpIter, EventIter, GetIter};

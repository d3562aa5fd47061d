//! The client against a peer in the same process, over socket pairs.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking, its helpers included"
)]

mod blocking;
mod calls;
mod compatibility;
mod cursors;
mod dumps;
mod events;
mod frames;
mod late;
mod loss;
mod messages;
mod peer;
mod reconnect;
mod shutdown;
#[cfg(feature = "vpp-api-transport")]
mod transport;

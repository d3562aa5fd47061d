//! Tests of the client against a peer in the same process, over a socket pair.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests and their helpers fail by panicking"
)]

mod backlog;
mod blocking;
mod calls;
mod compatibility;
mod counters;
mod crossed;
mod cursors;
mod dumps;
mod effects;
mod ended_events;
mod events;
mod executor;
mod expiry;
mod forbidden;
mod frames;
mod health;
mod late;
mod limits;
mod loss;
mod messages;
mod peer;
mod reconnect;
mod refusals;
mod resubscribe;
mod routing;
mod server;
mod shutdown;
mod splits;
mod tables;
mod traces;
#[cfg(feature = "vpp-api-transport")]
mod transport;
mod unpolled;
mod waiting;
mod wakers;

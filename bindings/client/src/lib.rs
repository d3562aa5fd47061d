//! Async client of VPP's binary API.
//!
//! [`connect()`] gives a [`Client`], which is cheap to clone, and the [`Connection`], a
//! future that owns the socket. Messages come from generated code, or from
//! [`vpp_wire::bootstrap`]; this crate knows no other.
//!
//! ```no_run
//! use vpp_wire::bootstrap::ControlPing;
//!
//! # async fn example() -> Result<(), vpp_client::Error> {
//! let (client, connection) = vpp_client::connect().await?;
//! tokio::spawn(connection);
//!
//! let pong = client.call(ControlPing {}).await?;
//! println!("VPP has process id {}", pong.vpe_pid);
//! # Ok(())
//! # }
//! ```
//!
//! # Behaviour
//!
//! - **Calls** of all tasks are pipelined: queued when made, written together, answered in
//!   any order. A reply belongs to a call only if context and message id both say so.
//! - **Deadlines**: every call has one, 5 s unless [`Builder::timeout`] or
//!   [`Client::with_timeout`] say otherwise. The answer of a call that timed out or was
//!   dropped is thrown away and never taken for another's.
//! - **[Dumps](Client::dump)** and [cursor requests](Client::get) are streams. A slow reader
//!   holds up nobody and loses nothing: items wait, up to [`Builder::dump_limit`]; beyond it
//!   that stream alone ends with an error.
//! - **[Events](Client::subscribe)** are streams too, and say so where events are missing.
//! - **Loss**: when the socket closes, everything that waits fails at once. With
//!   [`Builder::reconnect`] the connection is made again, with new message ids, and events
//!   are asked for again. What was in flight is never sent twice.
//! - **[Errors](Error)** are asked with predicates; a refusal keeps VPP's number and reply.
//! - **[Compatibility](Client::check)**: which messages this VPP has, lacks, or has changed;
//!   and [which of several releases](Client::closest) it speaks.
//! - **[`blocking`]**: the same for programs that are not async.
//!
//! A tokio runtime with I/O and time enabled has to poll the [`Connection`]; calls and
//! streams can be polled anywhere.
//!
//! # Features
//!
//! | feature | default | what it does |
//! |---|---|---|
//! | `vpp-api-transport` | no | [`Builder`] can connect through the crate of that name; its build needs VPP's C client library |
//!
//! Without features the transport is this crate's own, over VPP's unix socket.

mod ask;
pub mod blocking;
mod builder;
mod call;
mod client;
mod compatibility;
mod connection;
mod deliver;
mod dump;
mod error;
mod fit;
mod get;
mod handshake;
mod ids;
mod inflow;
mod queue;
mod reconnect;
mod shared;
mod slots;
mod socket;
mod state;
mod subscription;
mod subscriptions;
mod table;
#[cfg(feature = "vpp-api-transport")]
mod transport;
mod version;

pub use builder::{Builder, DEFAULT_SOCKET, socket_path};
pub use call::Call;
pub use client::Client;
pub use compatibility::{Compatibility, CompatibilityLine, Presence};
pub use connection::Connection;
pub use dump::DumpStream;
pub use error::Error;
pub use fit::Fit;
pub use get::GetStream;
pub use reconnect::ReconnectPolicy;
pub use state::{State, StateWatch};
pub use subscription::{Notice, Subscription};
pub use table::MessageTable;

/// Connects to VPP at [`socket_path()`] with the defaults of [`Builder`].
///
/// # Errors
/// When VPP cannot be reached; the error names the path and says what to do.
pub async fn connect() -> Result<(Client, Connection), Error> {
    Builder::new().connect().await
}

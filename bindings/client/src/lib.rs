//! Async client of VPP's binary API.
//!
//! [`connect()`] returns a [`Client`], which is cheap to clone, and the [`Connection`], a
//! future that owns the socket. Messages come from generated code, or from
//! [`wire::bootstrap`]; this crate knows no others.
//!
//! ```no_run
//! use vpp_client::wire::bootstrap::ControlPing;
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
//! - **Calls** of all tasks are pipelined: queued when made, written together, answered in any
//!   order. A reply belongs to a call only if both context and message id match. A context is
//!   used again only after four thousand million later calls, so that a late answer never
//!   reaches another call.
//! - **Deadlines**: every call has one, 5 s by default ([`Builder::timeout`],
//!   [`Client::with_timeout`]). It holds even if nobody polls the connection.
//! - **[Dumps](Client::dump)** and [cursor requests](Client::get) are streams. A slow reader
//!   delays no other call and loses nothing: items wait, up to [`Builder::dump_limit`]; beyond
//!   it that stream alone ends with an error.
//! - **[Events](Client::subscribe)** are streams too, and report where events are missing.
//! - **Memory**: everything that waits shares [`Builder::memory_limit`]; an idle client keeps
//!   no memory of a burst.
//! - **Loss**: when the socket closes, everything that waits fails at once. With
//!   [`Builder::reconnect`] the connection is re-established, with new message ids, and events
//!   are requested again. What was in flight is never sent twice. Calls can
//!   [wait for the connection](Client::with_wait_for_connection), and
//!   [health checks](Builder::health_check) find a VPP that hangs.
//! - **[Errors](Error)** have one [kind](ErrorKind) each, and an [effect](Effect): whether the
//!   request was not sent, was refused, or may have been carried out.
//! - **[Compatibility](Client::check)**: which messages this VPP has, lacks, or has changed;
//!   and [which of several releases](Client::closest) it is.
//! - **Forks**: only the process that connected can use the connection; in a forked child
//!   every request is an error.
//!
//! A tokio runtime with I/O and time enabled has to poll the [`Connection`]; calls and streams
//! can be polled anywhere.
//!
//! # Diagnostics
//!
//! With a `tracing` subscriber at level DEBUG, every request has a span `request` with its
//! message, context, sizes, duration and retval; late replies, stray frames, lagging
//! subscriptions and reconnects are events. [`Client::counters`] counts them in any case.
//! Without a subscriber a request costs one check of a static.
//!
//! # Features
//!
//! | feature | default | what it adds |
//! |---|---|---|
//! | `blocking` | no | the module `blocking`: the client for programs that are not async |
//! | `vpp-api-transport` | no | [`Builder`] can connect through the crate of that name; its build requires VPP's C client library |
//!
//! Without features the transport is this crate's own, over VPP's unix socket.

#[cfg(feature = "blocking")]
pub mod blocking;
mod builder;
mod calls;
mod client;
mod connection;
mod error;
mod events;
mod shared;
mod table;
#[cfg(feature = "vpp-api-transport")]
mod transport;

pub use builder::{Builder, DEFAULT_SOCKET, socket_path};
pub use calls::{Call, DumpStream, GetStream};
pub use client::Client;
pub use connection::{Connection, HealthCheck, ReconnectPolicy};
pub use error::{Effect, Error, ErrorKind};
pub use events::{Notice, Subscription};
pub use shared::counters::Counters;
pub use shared::state::{State, StateWatch};
pub use table::{Compatibility, CompatibilityLine, Fit, MessageTable, Presence};
pub use vpp_wire as wire;

/// Connects to VPP at [`socket_path()`] with the defaults of [`Builder`].
///
/// # Errors
/// VPP cannot be reached; the error names the path and says what to do.
///
/// ```no_run
/// # async fn example() -> Result<(), vpp_client::Error> {
/// let (client, connection) = vpp_client::connect().await?;
/// tokio::spawn(connection);
/// # Ok(())
/// # }
/// ```
pub async fn connect() -> Result<(Client, Connection), Error> {
    Builder::new().connect().await
}

/// Everything can be shared between threads.
const _: () = {
    const fn is_send_and_sync<T: Send + Sync>() {}
    type Ping = wire::bootstrap::ControlPingReply;
    is_send_and_sync::<Builder>();
    is_send_and_sync::<Client>();
    is_send_and_sync::<Call<Ping>>();
    is_send_and_sync::<DumpStream<Ping>>();
    is_send_and_sync::<Subscription<Ping>>();
    is_send_and_sync::<StateWatch>();
    is_send_and_sync::<Error>();
    is_send_and_sync::<MessageTable>();
    #[cfg(feature = "blocking")]
    is_send_and_sync::<blocking::Client>();
    const fn is_send<T: Send>() {}
    is_send::<Connection>();
};

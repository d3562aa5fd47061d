//! Async client for VPP's binary API.
//!
//! [`connect()`] returns a [`Client`], which is cheap to clone, and a [`Connection`], the
//! future that owns the socket. The messages come from generated code (the crate
//! `vpp-bindings`); the few that the client itself needs are in [`wire::bootstrap`].
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
//! - **Calls** of all tasks are pipelined: the client queues each when it is made, writes them
//!   together and accepts the answers in any order. A reply belongs to a call only if both
//!   context and message id match. A context is reused only after about 4 billion later calls,
//!   so a late reply never reaches another call.
//! - **Deadlines**: every call has one, 5 s by default ([`Builder::timeout`],
//!   [`Client::with_timeout`]). It expires even if the connection is not polled.
//! - **[Dumps](Client::dump)** and [cursor requests](Client::get) are streams. A slow reader
//!   does not delay other calls. Unread items are buffered up to [`Builder::dump_limit`];
//!   beyond it only that stream ends with an error.
//! - **[Events](Client::subscribe)** are streams too. They report lost events.
//! - **Memory**: unread answers, unread events and unsent requests share
//!   [`Builder::memory_limit`]. The memory of a burst is freed after it.
//! - **Reconnecting**: when the socket closes, all pending calls fail at once. With
//!   [`Builder::reconnect`] the client connects again, looks up the new message ids and
//!   resubscribes to events. A request is never sent twice. Calls can
//!   [wait for the connection](Client::with_wait_for_connection), and
//!   [health checks](Builder::health_check) detect a VPP that hangs.
//! - **[Errors](Error)** have a [kind](ErrorKind) and an [effect](Effect): whether the request
//!   was not sent, was refused, or may have been carried out.
//! - **[Compatibility](Client::check)**: reports which messages this VPP has, lacks, or has
//!   with another CRC, and [which of several releases](Client::best_match) it matches best.
//! - **Forks**: only the process that connected can use the connection. In a forked child
//!   every request fails.
//!
//! A tokio runtime with I/O and time enabled must poll the [`Connection`]. Calls and streams
//! can be polled on any executor.
//!
//! # Diagnostics
//!
//! With a `tracing` subscriber at level DEBUG, every request has a span `request` with its
//! message, context, sizes, duration and retval. Late replies, stray frames, lagging
//! subscriptions and reconnects are logged as events. [`Client::counters`] also counts them.
//! Without a subscriber, tracing costs a request one check of a static.
//!
//! # Features
//!
//! | feature | default | what it adds |
//! |---|---|---|
//! | `blocking` | no | the module `blocking`: a client for programs that are not async |
//! | `vpp-api-transport` | no | [`Builder`] can connect through the crate of that name, whose build requires VPP's C client library |
//!
//! The default transport is this crate's own and uses VPP's unix socket.

#[cfg(feature = "blocking")]
pub mod blocking;
mod builder;
pub mod calls;
mod client;
pub mod connection;
mod error;
mod event_registry;
pub mod events;
mod in_flight;
mod reply;
mod shared;
pub mod table;
pub mod trace;
#[cfg(feature = "vpp-api-transport")]
mod transport;
mod wakers;

pub use builder::Builder;
pub use client::Client;
pub use connection::{Connection, HealthCheck, ReconnectPolicy};
pub use error::{Effect, Error, ErrorKind};
pub use vpp_wire as wire;

/// Connects to VPP at [`socket_path()`](connection::socket_path) with the defaults of [`Builder`].
///
/// # Errors
/// VPP cannot be reached. The error names the socket and suggests what to do.
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

/// The public types can be shared between threads.
const _: () = {
    const fn is_send_and_sync<T: Send + Sync>() {}
    type Ping = wire::bootstrap::ControlPingReply;
    is_send_and_sync::<Builder>();
    is_send_and_sync::<Client>();
    is_send_and_sync::<calls::Call<Ping>>();
    is_send_and_sync::<calls::DumpStream<Ping>>();
    is_send_and_sync::<events::Subscription<Ping>>();
    is_send_and_sync::<connection::StateWatch>();
    is_send_and_sync::<Error>();
    is_send_and_sync::<table::MessageTable>();
    #[cfg(feature = "blocking")]
    is_send_and_sync::<blocking::Client>();
    const fn is_send<T: Send>() {}
    is_send::<Connection>();
};

/// Compiles the example of the README as a documentation test.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

//! A simulator of VPP's control plane, for tests and for machines without VPP.
//!
//! The simulator listens on a unix socket, handles the messages of VPP 26.06 and keeps the
//! objects that they create: interfaces, memif and vhost-user with their socket files, bridge
//! domains, addresses, tables, routes, proxy ARP. Error codes and their order, reused indices,
//! events and how they merge are those of a real VPP. So is what VPP fails to clean up when an
//! interface or a table is deleted. The simulator forwards no packets. On request it serves a
//! stats segment with the counters of its interfaces.
//!
//! ```
//! use vpp_sim::{Fault, FaultRule, Sim};
//!
//! # #[tokio::main(flavor = "current_thread")] async fn main() -> std::io::Result<()> {
//! let sim = Sim::builder()
//!     .faults([FaultRule::new("memif_create_v2", Fault::Retval(-12)).times(1)])
//!     .start()
//!     .await?;
//! println!("connect to {}", sim.socket().display());
//! assert_eq!(sim.state().interfaces().count(), 1);
//! assert!(sim.requests().is_empty());
//! sim.stop().await;
//! # Ok(())
//! # }
//! ```
//!
//! | task | item |
//! |---|---|
//! | start in a tokio runtime, or in its own thread | [`SimBuilder::start`], [`SimBuilder::start_thread`] |
//! | simulate an earlier release, which has fewer messages | [`SimBuilder::release`] |
//! | inject faults | [`FaultRule`] |
//! | load a plugin with its own messages | [`SimBuilder::plugin`] |
//! | inspect requests and their effects | [`Sim::requests`], [`Sim::state`] |
//! | find requests that crash a real VPP | [`Sim::crashes`] |
//! | assert that a program left nothing | [`VppState::holdings`](state::VppState::holdings) |
//! | serve a stats segment, change its counters | [`SimBuilder::stats_socket`], [`Sim::stats`] |
//! | make VPP hang | [`Sim::pause`], [`Fault::Pause`] |
//! | kill a client at a message | [`Fault::KillBefore`], [`Fault::KillAfter`] |
//! | run it alone | the program `vpp-sim` |
//!
//! # Differences from VPP
//!
//! - If a request crashes a real VPP (a memif of unknown mode, the deletion of a link-local
//!   address without IPv6, a frame whose length overflows, the last memif on a socket that
//!   failed to listen), the simulator closes all connections, logs the reason and restarts
//!   empty.
//! - A request that is not simulated fails with `UNIMPLEMENTED` (-9), and a dump that is not
//!   simulated is empty.
//! - No peer connects to a memif or vhost-user socket. [`Sim::set_peer`] simulates one.
//! - Taps do not appear on the host. In stored strings, bytes that are not UTF-8 become U+FFFD.
//! - The command line supports only `show version`.
//! - Fields that VPP leaves uninitialized are zero. The memif socket dump is in the order of
//!   creation and the route dump in the order of prefixes. VPP uses the order of a hash table.
//! - Nothing listens on an abstract socket. Its name is unique only within one simulator.
//! - Paths of routes have no labels. Their types are `NORMAL`, `DROP` and the two `ICMP` types.
//! - An earlier release differs from 26.06 only in its messages and in the names and files of
//!   memif sockets.
//! - The stats segment has the entries that [`stats`] lists, and no traffic counts.
//!   If it is full, it no longer changes. A real VPP aborts.
//! - A payload of more than 64 MiB closes the connection.

mod api_json;
mod builder;
pub mod fault;
#[allow(deprecated, reason = "VPP handles its old messages, too")]
mod handlers;
pub mod release;
mod run;
mod server;
mod sim;
pub mod state;
pub mod stats;
mod text;
mod thread;

pub use builder::SimBuilder;
pub use fault::{Fault, FaultRule};
pub use handlers::Plugin;
pub use release::Release;
pub use sim::Sim;
pub use thread::SimThread;

/// Types for the closures of a [`Plugin`].
pub mod plugin {
    pub use crate::handlers::Caller;
}

/// Compiles the examples of the README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

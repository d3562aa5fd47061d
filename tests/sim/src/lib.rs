//! A VPP control plane that answers like VPP, for tests and machines without VPP.
//!
//! It listens on a unix socket, knows the messages of VPP 26.06 and holds what they
//! create: interfaces, memif and vhost-user with their socket files, bridge domains,
//! addresses, tables, routes, proxy ARP. Error codes and their order, reused indices, events
//! and their merging are those of a real VPP; no packet ever moves. What VPP forgets to clean
//! up when an interface or a table goes, it forgets too.
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
//! | what | where |
//! |---|---|
//! | start it in a tokio runtime, or in a thread of its own | [`SimBuilder::start`], [`SimBuilder::start_thread`] |
//! | play an earlier release, which has fewer messages | [`SimBuilder::release`] |
//! | have things go wrong | [`FaultRule`] |
//! | load a plugin with messages of its own | [`SimBuilder::plugin`] |
//! | see what was sent and what came of it | [`Sim::requests`], [`Sim::state`] |
//! | see what a real VPP would have died of | [`Sim::crashes`] |
//! | assert that everything is as before | [`state::State::holdings`] |
//! | have VPP hang | [`Sim::pause`], [`Fault::Pause`] |
//! | kill a client at a message | [`Fault::KillBefore`], [`Fault::KillAfter`] |
//! | run it alone | the program `vpp-sim` |
//!
//! # Where it differs from VPP
//!
//! - What VPP dies of (a memif of unknown mode, the deletion of a link-local address
//!   without IPv6, frames whose length wraps, the last memif on a socket whose listening
//!   failed) ends all connections, is logged, and starts the simulator again, empty.
//! - A known request that is not simulated is answered with `UNIMPLEMENTED` (-9), a
//!   dump that is not simulated with nothing; VPP would have done it.
//! - No peer ever connects to a memif or vhost-user socket: [`Sim::set_peer`] plays one.
//! - Taps do not appear on the host. In strings that it stores, bytes that are not UTF-8
//!   become U+FFFD.
//! - The command line knows `show version`; all else is an unknown input.
//! - Fields that VPP leaves unset are zero. The memif socket dump is in the order of
//!   creation and the route dump in that of prefixes, where VPP's are those of hashes.
//! - Nothing listens on an abstract socket; its name is taken within one simulator only.
//! - Paths of routes have no labels; of their types, the simulator knows `NORMAL`, `DROP` and
//!   the two `ICMP`.
//! - An earlier release differs in the messages it has and in the names and files of memif
//!   sockets; all else is as in 26.06.
//! - A payload of more than 64 MiB closes the connection.

mod api_json;
mod builder;
mod fault;
#[allow(deprecated, reason = "VPP answers its old messages, too")]
mod handlers;
mod release;
mod server;
mod sim;
pub mod state;
mod thread;

pub use builder::SimBuilder;
pub use fault::{BadFault, Fault, FaultRule};
pub use handlers::{Caller, Plugin};
pub use release::{Release, UnknownRelease};
pub use sim::{Sim, StateGuard};
pub use thread::SimThread;

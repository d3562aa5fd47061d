//! A VPP control plane that answers like VPP, for tests and machines without VPP.
//!
//! It listens on a unix socket, knows the messages of VPP 26.06 and holds what they
//! create: interfaces, memif and vhost-user with their socket files, bridge domains,
//! addresses, tables. Error codes and their order, reused indices, events and their
//! merging are those of a real VPP; no packet ever moves.
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
//!   creation, where VPP's is that of a hash.
//! - An earlier release differs in the messages it has and in how it treats the folder
//!   of a memif socket; all else is as in 26.06.
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

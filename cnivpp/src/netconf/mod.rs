//! The configuration of the plugin `userspace`.
//!
//! [`NetConf::parse`] reads the plugin's own keys of a network configuration. The standard keys are
//! in [`cni::Conf`](crate::cni::Conf). Keys of the Go plugin keep their names and meanings.
//!
//! [`NetConf::host`] describes the interface of the node's VPP, and [`NetConf::container`] the
//! other end, which the container's program creates. Every default is filled in, and both ends
//! can connect to each other.
//!
#![doc = include_str!("keys.md")]

mod choice;
mod consistency;
mod memif;
mod network;
mod paths;
mod side;
mod socket;
#[cfg(test)]
mod tests;
mod top;
mod vhost;

pub use choice::Choice;
pub use memif::{Memif, MemifMode, MemifRole, Secret, SocketType};
pub use network::Network;
pub use paths::Paths;
pub use side::{Interface, RxMode, Side};
pub use socket::{MAX_SOCKET_FILE, SocketFile};
pub use top::{LogLevel, NetConf};
pub use vhost::{Vhost, VhostMode};

/// The keys of the configuration as a Markdown table, for a README.
pub const KEYS: &str = include_str!("keys.md");

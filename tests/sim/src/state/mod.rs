//! The state of a VPP, independent of messages. One file per kind of object.
//!
//! Every method of a request makes VPP's checks in VPP's order and returns VPP's result.
//! Tests use the public part to inspect the effects of their requests.

mod address;
mod address_book;
mod bridge;
mod bridge_port;
mod events;
mod fib;
mod holdings;
mod host;
mod instances;
mod interface;
mod interface_config;
mod loopback;
mod memif;
mod memif_socket;
mod neighbor;
mod pool;
mod proxy_arp;
mod random;
mod route;
mod socket_file;
mod table;
#[cfg(test)]
mod tests;
mod unnumbered;
mod vhost;

use std::collections::{BTreeSet, HashMap};
use std::path::PathBuf;
use std::sync::Arc;

use vpp_wire::VppError;

use crate::Release;
use crate::stats::Stats;

pub use address::Address;
pub use bridge::{Bridge, BridgeFlags, BridgeMember, BridgePort};
pub use events::{InterfaceChange, Watcher};
pub use fib::{PathKind, Route, RoutePath, RouteSource};
pub use host::{AfPacket, Tap};
pub use interface::{Interface, InterfaceKind};
pub use memif::{Memif, MemifRequest};
pub use memif_socket::MemifSocket;
pub use neighbor::Neighbor;
pub use proxy_arp::ProxyArpRange;
pub use table::Table;
pub use unnumbered::Unnumbered;
pub use vhost::{Vhost, VhostRequest};

pub(crate) use events::Events;
pub(crate) use memif::MemifFailure;
pub(crate) use pool::Pool;
pub(crate) use random::Lcg;
pub(crate) use route::RouteChange;

/// A MAC address.
pub type Mac = [u8; 6];

/// The result of a request: success or VPP's error.
pub type Outcome = Result<(), VppError>;

/// The reason of a crash of VPP.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Crash(pub(crate) String);

/// The state of a VPP: all its objects.
#[derive(Debug)]
pub struct VppState {
    release: Release,
    runtime_dir: PathBuf,
    interfaces: Pool<Interface>,
    memif_sockets: memif_socket::MemifSockets,
    memifs: Pool<Memif>,
    vhosts: Pool<Vhost>,
    vhost_files: HashMap<String, u32>,
    taps: Pool<Tap>,
    af_packets: Pool<AfPacket>,
    loopbacks: instances::Instances,
    bridges: bridge::Bridges,
    tables: table::Tables,
    addresses: address_book::AddressBook,
    neighbors: neighbor::Neighbors,
    proxy_arp_ranges: Vec<ProxyArpRange>,
    /// Indices instead of interfaces, because VPP keeps them when an interface is deleted.
    proxy_arp_indices: BTreeSet<u32>,
    pub(crate) events: Events,
    memif_socket_ids: Lcg,
    bridge_ids: Lcg,
    table_ids: Lcg,
    macs: Lcg,
    /// The segment that follows the interfaces.
    stats: Option<Arc<Stats>>,
}

impl VppState {
    /// The state after the start of VPP: `local0`, the default memif socket, tables 0.
    #[must_use]
    pub fn new(release: Release, runtime_dir: PathBuf, seed: u32) -> Self {
        let mut state = Self {
            release,
            runtime_dir,
            interfaces: Pool::default(),
            memif_sockets: memif_socket::MemifSockets::default(),
            memifs: Pool::default(),
            vhosts: Pool::default(),
            vhost_files: HashMap::new(),
            taps: Pool::default(),
            af_packets: Pool::default(),
            loopbacks: instances::Instances::default(),
            bridges: bridge::Bridges::default(),
            tables: table::Tables::default(),
            addresses: address_book::AddressBook::default(),
            neighbors: neighbor::Neighbors::default(),
            proxy_arp_ranges: Vec::new(),
            proxy_arp_indices: BTreeSet::new(),
            events: Events::default(),
            memif_socket_ids: Lcg::default(),
            bridge_ids: Lcg::default(),
            table_ids: Lcg::default(),
            macs: Lcg::new(seed),
            stats: None,
        };
        state.add_interface(Interface::new(
            InterfaceKind::Local,
            "local0".to_owned(),
            None,
        ));
        state.add_default_memif_socket();
        state.events.take();
        state
    }

    /// Adds all interfaces to a stats segment, which follows them from now on.
    pub(crate) fn publish_to(&mut self, stats: Arc<Stats>) {
        for interface in self.interfaces.values() {
            stats.add_interface(interface.sw_if_index, &interface.name);
        }
        self.stats = Some(stats);
    }

    /// Creates loopbacks without events.
    ///
    /// # Errors
    /// As `create_loopback`, if there are too many.
    pub fn add_loopbacks(&mut self, count: usize) -> Outcome {
        for _ in 0..count {
            self.create_loopback([0; 6], None)?;
        }
        self.events.take();
        Ok(())
    }
}

//! Interfaces: the properties that all kinds share.

use std::collections::BTreeMap;
use std::net::Ipv6Addr;

use vpp_wire::VppError;

use super::{InterfaceChange, Mac, Unnumbered, VppState};

/// The kind of an interface, with its instance number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InterfaceKind {
    /// `local0`.
    Local,
    /// A memif.
    Memif(u32),
    /// A vhost-user interface.
    Vhost(u32),
    /// A loopback.
    Loopback(u32),
    /// A tap.
    Tap(u32),
    /// A host interface through `AF_PACKET`.
    AfPacket(u32),
    /// A sub-interface with its VLAN id.
    Vlan(u16),
}

impl InterfaceKind {
    /// `interface_dev_type` of the dump. A sub-interface reports that of its parent.
    #[must_use]
    pub fn device(self) -> &'static str {
        match self {
            Self::Local | Self::Vlan(_) => "local",
            Self::Memif(_) => "memif",
            Self::Vhost(_) => "vhost-user",
            Self::Loopback(_) => "Loopback",
            Self::Tap(_) => "tap",
            Self::AfPacket(_) => "af-packet",
        }
    }

    /// Whether its link comes up with the admin state, without a peer.
    pub(super) fn has_automatic_link(self) -> bool {
        matches!(self, Self::Loopback(_) | Self::Tap(_))
    }
}

/// One interface.
#[derive(Debug, Clone)]
pub struct Interface {
    /// Its index.
    pub sw_if_index: u32,
    /// The index of its hardware interface. Hardware has its own.
    pub parent: u32,
    /// Its name.
    pub name: String,
    /// Its kind.
    pub kind: InterfaceKind,
    /// Its MAC address, if it is Ethernet.
    pub mac: Option<Mac>,
    /// Whether it is set up.
    pub admin_up: bool,
    /// Whether its link is up.
    pub link_up: bool,
    /// Whether a peer is connected: see [`VppState::set_peer`].
    pub peer: bool,
    /// The MTU of the hardware.
    pub link_mtu: u16,
    /// The MTUs of L3, IPv4, IPv6 and MPLS.
    pub mtu: [u32; 4],
    /// The tag set by `sw_interface_tag_add_del`.
    pub tag: String,
    /// The FIB tables of IPv4 and IPv6.
    pub tables: [u32; 2],
    /// The IPv6 link-local address while IPv6 is enabled.
    pub link_local: Option<Ipv6Addr>,
    /// The number of reasons to keep IPv6 enabled.
    pub(super) ip6_locks: u32,
    /// Whether bridges do not flood to it: loopbacks, and interfaces that were a BVI.
    pub(super) no_flood: bool,
    /// The slot of its bridge domain.
    pub(super) bridge: Option<u32>,
    /// The interface whose addresses it borrows.
    pub(super) unnumbered: Option<Unnumbered>,
    /// Whether it answers ARP for other hosts.
    pub(super) proxy_arp: bool,
    /// Whether it answers every neighbor solicitation (`ip6nd_proxy_enable_disable`).
    pub(super) nd_mirror: bool,
    /// The sub-interfaces on it, by VLAN.
    pub(super) vlans: BTreeMap<u16, u32>,
}

impl Interface {
    /// An interface as VPP creates it: down, untagged, in the default tables.
    pub(super) fn new(kind: InterfaceKind, name: String, mac: Option<Mac>) -> Self {
        // Ethernet starts with an MTU of 9000, other interfaces with none.
        let mtu = if mac.is_some() { 9000 } else { 0 };
        Self {
            sw_if_index: 0,
            parent: 0,
            name,
            kind,
            mac,
            admin_up: false,
            link_up: matches!(kind, InterfaceKind::AfPacket(_)),
            peer: false,
            link_mtu: mtu,
            mtu: [u32::from(mtu), 0, 0, 0],
            tag: String::new(),
            tables: [0, 0],
            link_local: None,
            ip6_locks: 0,
            no_flood: matches!(kind, InterfaceKind::Loopback(_)),
            bridge: None,
            unnumbered: None,
            proxy_arp: false,
            nd_mirror: false,
            vlans: BTreeMap::new(),
        }
    }

    /// Whether it answers ARP for the ranges of `proxy_arp_add_del`.
    ///
    /// It may not, even if its index is enabled: see [`VppState::proxy_arp_indices`].
    #[must_use]
    pub fn has_proxy_arp(&self) -> bool {
        self.proxy_arp
    }

    /// Whether it is hardware instead of a sub-interface.
    #[must_use]
    pub fn is_hardware(&self) -> bool {
        !matches!(self.kind, InterfaceKind::Vlan(_))
    }

    /// The flags in the dump: 1 for admin up, 2 for link up.
    #[must_use]
    pub fn flags(&self) -> u32 {
        u32::from(self.admin_up) | u32::from(self.link_up) << 1
    }
}

impl VppState {
    /// All interfaces by ascending index.
    pub fn interfaces(&self) -> impl Iterator<Item = &Interface> {
        self.interfaces.values()
    }

    /// The interface with this index.
    ///
    /// # Errors
    /// `INVALID_SW_IF_INDEX` if it does not exist.
    pub fn interface(&self, sw_if_index: u32) -> Result<&Interface, VppError> {
        self.interfaces
            .get(sw_if_index)
            .ok_or(VppError::INVALID_SW_IF_INDEX)
    }

    pub(super) fn interface_mut(&mut self, sw_if_index: u32) -> Result<&mut Interface, VppError> {
        self.interfaces
            .get_mut(sw_if_index)
            .ok_or(VppError::INVALID_SW_IF_INDEX)
    }

    /// The hardware interface of an interface or sub-interface.
    pub(crate) fn hardware(&self, sw_if_index: u32) -> Result<&Interface, VppError> {
        self.interface(self.interface(sw_if_index)?.parent)
    }

    /// Adds a hardware interface and returns its index.
    pub(super) fn add_interface(&mut self, interface: Interface) -> u32 {
        let parent = self.interfaces.next_index();
        self.add_interface_on(parent, interface)
    }

    /// Adds an interface with the given hardware interface.
    pub(super) fn add_interface_on(&mut self, parent: u32, mut interface: Interface) -> u32 {
        let index = self.interfaces.next_index();
        interface.sw_if_index = index;
        interface.parent = parent;
        let change = InterfaceChange {
            link_up: interface.link_up,
            ..InterfaceChange::PLAIN
        };
        if let InterfaceKind::Vlan(vlan) = interface.kind
            && let Some(below) = self.interfaces.get_mut(parent)
        {
            below.vlans.insert(vlan, index);
        }
        for (is_ipv6, table) in [false, true].into_iter().zip(interface.tables) {
            self.enter_table(is_ipv6, table);
        }
        if let Some(stats) = &self.stats {
            stats.add_interface(index, &interface.name);
        }
        self.interfaces.insert(interface);
        self.events.record(index, change);
        index
    }

    /// Removes the sub-interfaces of an interface and then the interface, with their bridge
    /// ports, addresses and neighbors.
    pub(super) fn remove_interface(&mut self, sw_if_index: u32) {
        let Some(interface) = self.interfaces.get_mut(sw_if_index) else {
            return;
        };
        let above = std::mem::take(&mut interface.vlans);
        let mut above: Vec<u32> = above.into_values().collect();
        above.sort_unstable();
        if let InterfaceKind::Vlan(vlan) = interface.kind {
            let parent = interface.parent;
            if let Some(below) = self.interfaces.get_mut(parent) {
                below.vlans.remove(&vlan);
            }
        }
        for index in above.into_iter().chain([sw_if_index]) {
            self.detach_from_bridge(index);
            self.remove_addresses(index);
            self.remove_neighbors(index, |_| true);
            if let Some(gone) = self.interfaces.remove(index) {
                let deleted = InterfaceChange {
                    deleted: true,
                    ..InterfaceChange::PLAIN
                };
                self.events.record(index, deleted);
                if let Some(stats) = &self.stats {
                    stats.remove_interface(index);
                }
                // As in VPP, routes over it, ND proxies and the proxy ARP of its index remain.
                for (is_ipv6, table) in [false, true].into_iter().zip(gone.tables) {
                    self.leave_table(is_ipv6, table);
                }
            }
        }
    }
}

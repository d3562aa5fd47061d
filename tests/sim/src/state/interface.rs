//! Interfaces as such: what all kinds have in common.

use std::net::Ipv6Addr;

use vpp_wire::VppError;

use super::{Change, Mac, Outcome, State};

/// What stands behind an interface; the number is the kind's own instance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
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
    /// A VLAN sub-interface with its VLAN.
    Vlan(u16),
}

impl Kind {
    /// `interface_dev_type` of the dump; a sub-interface has that of its parent.
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

    /// Whether setting it up brings up its link, without any peer.
    fn link_follows_admin(self) -> bool {
        matches!(self, Self::Loopback(_) | Self::Tap(_))
    }
}

/// One interface.
#[derive(Debug, Clone)]
pub struct Interface {
    /// Its index.
    pub sw_if_index: u32,
    /// The index of the hardware interface below; its own for hardware.
    pub parent: u32,
    /// Its name.
    pub name: String,
    /// What stands behind it.
    pub kind: Kind,
    /// Its MAC address, if it is Ethernet.
    pub mac: Option<Mac>,
    /// Whether it is set up.
    pub admin_up: bool,
    /// Whether its link is up.
    pub link_up: bool,
    /// Whether a peer is there: see [`State::set_peer`].
    pub peer: bool,
    /// The MTU of the hardware.
    pub link_mtu: u16,
    /// The MTUs of L3, IPv4, IPv6 and MPLS.
    pub mtu: [u32; 4],
    /// The tag set by `sw_interface_tag_add_del`.
    pub tag: String,
    /// The FIB tables of IPv4 and IPv6.
    pub tables: [u32; 2],
    /// The IPv6 link-local address, while IPv6 is on.
    pub link_local: Option<Ipv6Addr>,
    /// How many reasons keep IPv6 on.
    pub(super) ip6_locks: u32,
    /// Whether bridges do not flood to it: loopbacks, and what was a BVI once.
    pub(super) no_flood: bool,
    /// The slot of the bridge domain that it is in.
    pub(super) bridge: Option<u32>,
}

impl Interface {
    /// An interface as VPP makes it: down, untagged, in the default tables.
    pub(super) fn new(kind: Kind, name: String, mac: Option<Mac>) -> Self {
        // Ethernet starts with an MTU of 9000, all else with none.
        let mtu = if mac.is_some() { 9000 } else { 0 };
        Self {
            sw_if_index: 0,
            parent: 0,
            name,
            kind,
            mac,
            admin_up: false,
            link_up: matches!(kind, Kind::AfPacket(_)),
            peer: false,
            link_mtu: mtu,
            mtu: [u32::from(mtu), 0, 0, 0],
            tag: String::new(),
            tables: [0, 0],
            link_local: None,
            ip6_locks: 0,
            no_flood: matches!(kind, Kind::Loopback(_)),
            bridge: None,
        }
    }

    /// Whether it is hardware and no sub-interface.
    #[must_use]
    pub fn is_hardware(&self) -> bool {
        !matches!(self.kind, Kind::Vlan(_))
    }

    /// The state as the dump has it: 1 for admin up, 2 for link up.
    #[must_use]
    pub fn flags(&self) -> u32 {
        u32::from(self.admin_up) | u32::from(self.link_up) << 1
    }
}

impl State {
    /// All interfaces by ascending index.
    pub fn interfaces(&self) -> impl Iterator<Item = &Interface> {
        self.interfaces.values()
    }

    /// The interface with this index.
    ///
    /// # Errors
    /// `INVALID_SW_IF_INDEX` when there is none.
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

    /// The hardware interface that an interface is or stands on.
    pub(crate) fn hardware(&self, sw_if_index: u32) -> Result<&Interface, VppError> {
        self.interface(self.interface(sw_if_index)?.parent)
    }

    /// Adds a hardware interface and gives its index.
    pub(super) fn add_interface(&mut self, interface: Interface) -> u32 {
        let parent = self.interfaces.next_index();
        self.add_interface_on(parent, interface)
    }

    /// Adds an interface that stands on another.
    pub(super) fn add_interface_on(&mut self, parent: u32, mut interface: Interface) -> u32 {
        let index = self.interfaces.next_index();
        interface.sw_if_index = index;
        interface.parent = parent;
        let change = Change {
            link_up: interface.link_up,
            ..Change::PLAIN
        };
        self.interfaces.insert(interface);
        self.events.record(index, change);
        index
    }

    /// Removes an interface, the sub-interfaces on it first, and all that hangs on them.
    pub(super) fn remove_interface(&mut self, sw_if_index: u32) {
        let above: Vec<u32> = self
            .interfaces()
            .filter(|sub| sub.parent == sw_if_index && !sub.is_hardware())
            .map(|sub| sub.sw_if_index)
            .collect();
        for index in above.into_iter().chain([sw_if_index]) {
            self.detach_from_bridge(index);
            self.forget_addresses(index);
            self.forget_neighbors(index);
            if self.interfaces.remove(index).is_some() {
                let deleted = Change {
                    deleted: true,
                    ..Change::PLAIN
                };
                self.events.record(index, deleted);
            }
        }
        self.reap_tables();
    }

    /// `sw_interface_set_flags`: only the admin bit counts; no change, no event.
    pub(crate) fn set_admin(&mut self, sw_if_index: u32, up: bool) -> Outcome {
        let interface = self.interface(sw_if_index)?;
        let parent_up = self.hardware(sw_if_index)?.admin_up;
        if up && !interface.is_hardware() && !parent_up {
            return Err(VppError::UNSPECIFIED);
        }
        let interface = self.interface_mut(sw_if_index)?;
        if interface.admin_up == up {
            return Ok(());
        }
        interface.admin_up = up;
        let link = up && (interface.peer || interface.kind.link_follows_admin());
        let link_came_up = link && !interface.link_up;
        if interface.is_hardware() && !matches!(interface.kind, Kind::AfPacket(_)) {
            interface.link_up = link;
        }
        let change = Change {
            admin_up: up,
            link_up: link_came_up,
            deleted: false,
        };
        self.events.record(sw_if_index, change);
        Ok(())
    }

    /// Plays the other end of an interface: a peer that connects or leaves.
    ///
    /// The link of an interface that is set up follows it, with an event.
    ///
    /// # Errors
    /// `INVALID_SW_IF_INDEX` when there is no such interface.
    pub fn set_peer(&mut self, sw_if_index: u32, connected: bool) -> Outcome {
        let interface = self.interface_mut(sw_if_index)?;
        interface.peer = connected;
        let link = connected && interface.admin_up;
        if interface.link_up != link {
            interface.link_up = link;
            let change = Change {
                link_up: link,
                ..Change::PLAIN
            };
            self.events.record(sw_if_index, change);
        }
        Ok(())
    }

    /// `sw_interface_set_mtu`: all four values as they come.
    pub(crate) fn set_mtu(&mut self, sw_if_index: u32, mtu: [u32; 4]) -> Outcome {
        self.interface_mut(sw_if_index)?.mtu = mtu;
        Ok(())
    }

    /// `hw_interface_set_mtu`: memif takes it, other Ethernet refuses.
    pub(crate) fn set_hardware_mtu(&mut self, sw_if_index: u32, mtu: u16) -> Outcome {
        let interface = self.interface_mut(sw_if_index)?;
        if !interface.is_hardware() {
            return Err(VppError::INVALID_VALUE);
        }
        if interface.mac.is_none() {
            return Err(VppError::FEATURE_DISABLED);
        }
        if !matches!(interface.kind, Kind::Memif(_)) {
            return Err(VppError::UNSUPPORTED);
        }
        interface.link_mtu = mtu;
        interface.mtu[0] = mtu.into();
        Ok(())
    }

    /// `sw_interface_set_rx_mode`: there are no queues here, so a named one is unknown.
    pub(crate) fn set_rx_mode(&self, sw_if_index: u32, queue: Option<u32>) -> Outcome {
        if !self.interface(sw_if_index)?.is_hardware() {
            return Err(VppError::INVALID_VALUE);
        }
        match queue {
            Some(_) => Err(VppError::UNIMPLEMENTED),
            None => Ok(()),
        }
    }

    /// `sw_interface_tag_add_del`: replaces; taking away what is not there is fine.
    pub(crate) fn set_tag(&mut self, sw_if_index: u32, tag: Option<&str>) -> Outcome {
        let interface = self.interface_mut(sw_if_index)?;
        match tag {
            Some("") => return Err(VppError::INVALID_VALUE),
            Some(tag) => tag.clone_into(&mut interface.tag),
            None => interface.tag.clear(),
        }
        Ok(())
    }

    /// `sw_interface_set_mac_address`: any address, on an interface that has one.
    pub(crate) fn set_mac(&mut self, sw_if_index: u32, mac: Mac) -> Outcome {
        let parent = self.interface(sw_if_index)?.parent;
        let hardware = self.interface_mut(parent)?;
        match &mut hardware.mac {
            Some(old) => *old = mac,
            None => return Err(VppError::UNIMPLEMENTED),
        }
        Ok(())
    }

    /// `sw_interface_set_interface_name`
    pub(crate) fn set_name(&mut self, sw_if_index: u32, name: &str) -> Outcome {
        let interface = self.interface_mut(sw_if_index)?;
        if name.is_empty() {
            return Err(VppError::INVALID_VALUE);
        }
        name.clone_into(&mut interface.name);
        Ok(())
    }
}

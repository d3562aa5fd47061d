//! Requests that configure an interface.

use vpp_wire::VppError;

use super::{InterfaceChange, InterfaceKind, Mac, Outcome, VppState};

impl VppState {
    /// `sw_interface_set_flags`. Only the admin bit matters. Without a change there is no event.
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
        let link = up && (interface.peer || interface.kind.has_automatic_link());
        let link_came_up = link && !interface.link_up;
        if interface.is_hardware() && !matches!(interface.kind, InterfaceKind::AfPacket(_)) {
            interface.link_up = link;
        }
        let change = InterfaceChange {
            admin_up: up,
            link_up: link_came_up,
            deleted: false,
        };
        self.events.record(sw_if_index, change);
        self.update_interface_routes(sw_if_index, up);
        if !up {
            self.remove_neighbors(sw_if_index, |known| !known.is_static());
        }
        Ok(())
    }

    /// Connects or disconnects the peer of an interface.
    ///
    /// If the interface is set up, its link follows and an event is recorded.
    ///
    /// # Errors
    /// `INVALID_SW_IF_INDEX` if the interface does not exist.
    pub fn set_peer(&mut self, sw_if_index: u32, connected: bool) -> Outcome {
        let interface = self.interface_mut(sw_if_index)?;
        interface.peer = connected;
        let link = connected && interface.admin_up;
        if interface.link_up != link {
            interface.link_up = link;
            let change = InterfaceChange {
                link_up: link,
                ..InterfaceChange::PLAIN
            };
            self.events.record(sw_if_index, change);
        }
        Ok(())
    }

    /// `sw_interface_set_mtu`. All four values are accepted unchecked.
    pub(crate) fn set_mtu(&mut self, sw_if_index: u32, mtu: [u32; 4]) -> Outcome {
        self.interface_mut(sw_if_index)?.mtu = mtu;
        Ok(())
    }

    /// `hw_interface_set_mtu`. memif accepts it, other Ethernet interfaces refuse it.
    pub(crate) fn set_hardware_mtu(&mut self, sw_if_index: u32, mtu: u16) -> Outcome {
        let interface = self.interface_mut(sw_if_index)?;
        if !interface.is_hardware() {
            return Err(VppError::INVALID_VALUE);
        }
        if interface.mac.is_none() {
            return Err(VppError::FEATURE_DISABLED);
        }
        if !matches!(interface.kind, InterfaceKind::Memif(_)) {
            return Err(VppError::UNSUPPORTED);
        }
        interface.link_mtu = mtu;
        interface.mtu[0] = mtu.into();
        Ok(())
    }

    /// `ip6nd_proxy_enable_disable`
    pub(crate) fn set_nd_mirror(&mut self, sw_if_index: u32, enable: bool) -> Outcome {
        self.interface_mut(sw_if_index)?.nd_mirror = enable;
        Ok(())
    }

    /// `sw_interface_set_rx_mode`. The simulator has no queues, so a queue id is unknown.
    pub(crate) fn set_rx_mode(&self, sw_if_index: u32, queue: Option<u32>) -> Outcome {
        if !self.interface(sw_if_index)?.is_hardware() {
            return Err(VppError::INVALID_VALUE);
        }
        match queue {
            Some(_) => Err(VppError::UNIMPLEMENTED),
            None => Ok(()),
        }
    }

    /// `sw_interface_tag_add_del`. Adding replaces the tag. Deleting a missing tag is accepted.
    pub(crate) fn set_tag(&mut self, sw_if_index: u32, tag: Option<&str>) -> Outcome {
        let interface = self.interface_mut(sw_if_index)?;
        match tag {
            Some("") => return Err(VppError::INVALID_VALUE),
            Some(tag) => tag.clone_into(&mut interface.tag),
            None => interface.tag.clear(),
        }
        Ok(())
    }

    /// `sw_interface_set_mac_address`. Accepts any address if the interface has one.
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

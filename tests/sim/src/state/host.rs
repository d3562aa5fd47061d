//! Interfaces to the host: taps and `AF_PACKET`. The simulator does not change the host.

use vpp_wire::VppError;

use super::{Interface, InterfaceKind, Mac, Outcome, VppState};

/// The largest tap id.
const MAX_TAP: u32 = 1024;

/// A tap with the parameters of `tap_create`.
#[derive(Debug, Clone, Default)]
pub struct Tap {
    /// Its interface.
    pub sw_if_index: u32,
    /// Its id.
    pub id: u32,
    /// The MAC address in VPP. `None` generates one.
    pub mac: Option<Mac>,
    /// The name on the host.
    pub host_if_name: String,
    /// The namespace on the host.
    pub host_namespace: String,
    /// The bridge on the host.
    pub host_bridge: String,
    /// The MTU on the host, or 0 for the default.
    pub host_mtu: u32,
    /// The MAC address on the host.
    pub host_mac: Mac,
    /// The size of the rings.
    pub ring_sizes: (u16, u16),
    /// `tap_flags` of the API.
    pub flags: u32,
    /// The tag.
    pub tag: String,
}

/// A host interface through `AF_PACKET`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AfPacket {
    /// Its interface.
    pub sw_if_index: u32,
    /// The name on the host.
    pub host_if_name: String,
}

impl VppState {
    /// All taps by instance.
    pub fn taps(&self) -> impl Iterator<Item = &Tap> {
        self.taps.values()
    }

    /// All `AF_PACKET` interfaces by instance.
    pub fn af_packets(&self) -> impl Iterator<Item = &AfPacket> {
        self.af_packets.values()
    }

    /// `tap_create`. No tap appears on the host.
    pub(crate) fn create_tap(&mut self, mut tap: Tap) -> Result<u32, VppError> {
        let taken = |id: u32| self.taps().any(|tap| tap.id == id);
        if tap.id == u32::MAX {
            let free = (0..MAX_TAP).find(|id| !taken(*id));
            tap.id = free.ok_or(VppError::UNSPECIFIED)?;
        } else if taken(tap.id) {
            return Err(VppError::INVALID_INTERFACE);
        } else if tap.id > MAX_TAP {
            return Err(VppError::UNSPECIFIED);
        }
        if tap.host_if_name.is_empty() {
            tap.host_if_name = format!("tap{}", tap.id);
        }
        let mac = tap.mac.unwrap_or_else(|| self.macs.mac());
        let kind = InterfaceKind::Tap(self.taps.next_index());
        let mut interface = Interface::new(kind, format!("tap{}", tap.id), Some(mac));
        interface.tag.clone_from(&tap.tag);
        tap.sw_if_index = self.add_interface(interface);
        Ok(self.taps_insert(tap))
    }

    fn taps_insert(&mut self, tap: Tap) -> u32 {
        let index = tap.sw_if_index;
        self.taps.insert(tap);
        index
    }

    /// `tap_delete_v2`
    pub(crate) fn delete_tap(&mut self, sw_if_index: u32) -> Outcome {
        let InterfaceKind::Tap(instance) = self.interface(sw_if_index)?.kind else {
            return Err(VppError::INVALID_SW_IF_INDEX);
        };
        self.taps.remove(instance);
        self.remove_interface(sw_if_index);
        Ok(())
    }

    /// `af_packet_create`. Returns the index, or the error with the index in the reply.
    ///
    /// As in VPP, the host must have the interface.
    pub(crate) fn create_af_packet(
        &mut self,
        name: &str,
        mac: Option<Mac>,
    ) -> Result<u32, (VppError, u32)> {
        let mut known = self.af_packets();
        if let Some(known) = known.find(|known| known.host_if_name == name) {
            return Err((VppError::IF_ALREADY_EXISTS, known.sw_if_index));
        }
        drop(known);
        let on_host = !name.is_empty()
            && !name.contains('/')
            && std::path::Path::new("/sys/class/net").join(name).exists();
        if !on_host {
            return Err((VppError::INVALID_INTERFACE, 0));
        }
        let mac = mac.unwrap_or_else(|| self.macs.mac());
        let kind = InterfaceKind::AfPacket(self.af_packets.next_index());
        let interface = Interface::new(kind, format!("host-{name}"), Some(mac));
        let sw_if_index = self.add_interface(interface);
        self.af_packets.insert(AfPacket {
            sw_if_index,
            host_if_name: name.to_owned(),
        });
        Ok(sw_if_index)
    }

    /// `af_packet_delete`
    pub(crate) fn delete_af_packet(&mut self, name: &str) -> Outcome {
        let found = self
            .af_packets
            .iter()
            .find(|(_, known)| known.host_if_name == name)
            .map(|(instance, known)| (instance, known.sw_if_index));
        let (instance, sw_if_index) = found.ok_or(VppError::SYSCALL_ERROR_1)?;
        self.af_packets.remove(instance);
        self.remove_interface(sw_if_index);
        Ok(())
    }
}

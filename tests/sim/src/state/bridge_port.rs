//! Interfaces in bridge domains.

use vpp_wire::VppError;

use super::bridge::{BridgeFlags, MAX_ID};
use super::{Bridge, BridgeMember, BridgePort, Outcome, VppState};

impl VppState {
    /// `sw_interface_set_l2_bridge` with enable. Creates a missing bridge domain.
    pub(crate) fn attach_to_bridge(
        &mut self,
        sw_if_index: u32,
        id: u32,
        port: BridgePort,
        shg: u8,
    ) -> Outcome {
        if id > MAX_ID {
            return Err(VppError::BD_ID_EXCEED_MAX);
        }
        let slot = self.bridges.slot_of(id).unwrap_or_else(|| {
            let flags = BridgeFlags::AUTOMATIC;
            let bridge = Bridge {
                id,
                flags,
                ..Bridge::default()
            };
            self.bridges.insert(bridge, None)
        });
        self.detach_from_bridge(sw_if_index);
        let interface = self.interface_mut(sw_if_index)?;
        interface.bridge = Some(slot);
        let no_flood = interface.no_flood;
        let Some(bridge) = self.bridges.get_mut(slot) else {
            return Ok(());
        };
        let member = BridgeMember { sw_if_index, shg };
        match port {
            BridgePort::Normal if no_flood => {
                bridge.members.push(member);
                bridge.not_flooded += 1;
            }
            BridgePort::Normal => {
                let at = bridge.members.len().saturating_sub(bridge.not_flooded);
                bridge.members.insert(at, member);
            }
            BridgePort::UuFwd => bridge.uu_fwd = Some(sw_if_index),
            BridgePort::Bvi if bridge.bvi.is_some() => return Err(VppError::BD_ALREADY_HAS_BVI),
            BridgePort::Bvi => {
                bridge.bvi = Some(sw_if_index);
                bridge.members.insert(0, member);
            }
        }
        Ok(())
    }

    /// Returns an interface to L3. Does nothing if it is not bridged.
    pub(crate) fn detach_from_bridge(&mut self, sw_if_index: u32) {
        let Ok(interface) = self.interface_mut(sw_if_index) else {
            return;
        };
        let slot = interface.bridge.take();
        let Some(bridge) = slot.and_then(|slot| self.bridges.get_mut(slot)) else {
            return;
        };
        let mut members = bridge.members.iter();
        let at = members.position(|member| member.sw_if_index == sw_if_index);
        if let Some(at) = at {
            // The BVI does not count as a member that is not flooded to.
            let is_last = at >= bridge.members.len() - bridge.not_flooded;
            bridge.members.remove(at);
            if is_last && bridge.bvi != Some(sw_if_index) {
                bridge.not_flooded -= 1;
            }
        }
        if bridge.uu_fwd == Some(sw_if_index) {
            bridge.uu_fwd = None;
        }
        if bridge.bvi == Some(sw_if_index) {
            bridge.bvi = None;
            if let Ok(interface) = self.interface_mut(sw_if_index) {
                interface.no_flood = true;
            }
        }
    }
}

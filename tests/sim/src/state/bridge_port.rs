//! Interfaces in bridge domains.

use vpp_wire::VppError;

use super::bridge::{BridgeFlags, MAX_ID};
use super::{Bridge, Member, Outcome, Port, State};

impl State {
    /// `sw_interface_set_l2_bridge` with enable: a missing bridge domain is created.
    pub(crate) fn attach_to_bridge(
        &mut self,
        sw_if_index: u32,
        id: u32,
        port: Port,
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
        let not_flooded = if interface.no_flood {
            0
        } else {
            self.not_flooded(slot)
        };
        let Some(bridge) = self.bridges.get_mut(slot) else {
            return Ok(());
        };
        let member = Member { sw_if_index, shg };
        match port {
            Port::Normal => {
                let at = bridge.members.len().saturating_sub(not_flooded);
                bridge.members.insert(at, member);
            }
            Port::UuFwd => bridge.uu_fwd = Some(sw_if_index),
            Port::Bvi if bridge.bvi.is_some() => return Err(VppError::BD_ALREADY_HAS_BVI),
            Port::Bvi => {
                bridge.bvi = Some(sw_if_index);
                bridge.members.insert(0, member);
            }
        }
        Ok(())
    }

    /// How many members stand at the end because bridges do not flood to them.
    fn not_flooded(&self, slot: u32) -> usize {
        let bridge = self.bridges.slots.get(slot as usize);
        let Some(bridge) = bridge.and_then(|(bridge, _)| bridge.as_ref()) else {
            return 0;
        };
        let members = bridge.members.iter().map(|member| member.sw_if_index);
        members
            .filter(|member| bridge.bvi != Some(*member))
            .filter(|member| self.interface(*member).is_ok_and(|it| it.no_flood))
            .count()
    }

    /// Takes an interface back to L3; nothing happens where it is not bridged.
    pub(crate) fn detach_from_bridge(&mut self, sw_if_index: u32) {
        let Ok(interface) = self.interface_mut(sw_if_index) else {
            return;
        };
        let slot = interface.bridge.take();
        let Some(bridge) = slot.and_then(|slot| self.bridges.get_mut(slot)) else {
            return;
        };
        bridge
            .members
            .retain(|member| member.sw_if_index != sw_if_index);
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

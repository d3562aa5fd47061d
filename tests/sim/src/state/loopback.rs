//! Loopbacks and VLAN sub-interfaces.

use vpp_wire::VppError;

use super::{Interface, InterfaceKind, Mac, Outcome, VppState};

/// The maximum number of loopbacks in VPP.
const MAX_INSTANCES: u32 = 16 * 1024;

impl VppState {
    /// `create_loopback`, or `create_loopback_instance` with an instance.
    pub(crate) fn create_loopback(
        &mut self,
        mac: Mac,
        instance: Option<u32>,
    ) -> Result<u32, VppError> {
        let instance = match instance {
            Some(named) if self.loopbacks.is_taken(named) => {
                return Err(VppError::INVALID_REGISTRATION);
            }
            Some(named) => named,
            None => self.loopbacks.lowest(),
        };
        if instance >= MAX_INSTANCES {
            return Err(VppError::INVALID_REGISTRATION);
        }
        self.loopbacks.take(instance);
        let mac = if mac == [0; 6] {
            let [.., a, b] = instance.to_be_bytes();
            [0xde, 0xad, 0, 0, a, b]
        } else {
            mac
        };
        let name = format!("loop{instance}");
        let interface = Interface::new(InterfaceKind::Loopback(instance), name, Some(mac));
        Ok(self.add_interface(interface))
    }

    /// `delete_loopback`
    pub(crate) fn delete_loopback(&mut self, sw_if_index: u32) -> Outcome {
        let InterfaceKind::Loopback(instance) = self.interface(sw_if_index)?.kind else {
            return Err(VppError::INVALID_SW_IF_INDEX);
        };
        self.loopbacks.free(instance);
        self.remove_interface(sw_if_index);
        Ok(())
    }

    /// `create_vlan_subif`
    pub(crate) fn create_vlan(&mut self, sw_if_index: u32, vlan: u32) -> Result<u32, VppError> {
        let parent = self.interface(sw_if_index)?;
        let vlan = u16::try_from(vlan)
            .ok()
            .filter(|vlan| (1..=4095).contains(vlan));
        let vlan = vlan.ok_or(VppError::INVALID_VLAN)?;
        if parent.vlans.contains_key(&vlan) {
            return Err(VppError::VLAN_ALREADY_EXISTS);
        }
        let name = format!("{}.{vlan}", parent.name);
        let interface = Interface::new(InterfaceKind::Vlan(vlan), name, None);
        Ok(self.add_interface_on(sw_if_index, interface))
    }

    /// `delete_subif`
    pub(crate) fn delete_vlan(&mut self, sw_if_index: u32) -> Outcome {
        if self.interface(sw_if_index)?.is_hardware() {
            return Err(VppError::INVALID_SUB_SW_IF_INDEX);
        }
        self.remove_interface(sw_if_index);
        Ok(())
    }
}

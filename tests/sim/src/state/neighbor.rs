//! IP neighbours.

use std::net::IpAddr;

use vpp_wire::VppError;

use super::{Mac, Outcome, State};

/// One neighbour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Neighbor {
    /// The interface that it is behind.
    pub sw_if_index: u32,
    /// Its IP address.
    pub address: IpAddr,
    /// Its MAC address.
    pub mac: Mac,
    /// `ip_neighbor_flags` of the API: 1 static, 2 without FIB entry.
    pub flags: u8,
}

impl State {
    /// All neighbours, the oldest first.
    pub fn neighbors(&self) -> impl Iterator<Item = &Neighbor> {
        self.neighbors.iter()
    }

    /// `ip_neighbor_add_del`, adding: a static neighbour yields only to a static one.
    pub(crate) fn add_neighbor(&mut self, new: Neighbor) -> Outcome {
        self.interface(new.sw_if_index)?;
        let known = self
            .neighbors
            .iter_mut()
            .find(|known| known.sw_if_index == new.sw_if_index && known.address == new.address);
        match known {
            Some(known) if known.flags & 1 != 0 && new.flags & 1 == 0 && known.mac != new.mac => {
                Err(VppError::INVALID_SW_IF_INDEX)
            }
            Some(known) => {
                *known = new;
                Ok(())
            }
            None => {
                self.neighbors.push(new);
                Ok(())
            }
        }
    }

    /// `ip_neighbor_add_del`, deleting.
    pub(crate) fn delete_neighbor(&mut self, sw_if_index: u32, address: IpAddr) -> Outcome {
        self.interface(sw_if_index)?;
        let found = self
            .neighbors
            .iter()
            .position(|known| known.sw_if_index == sw_if_index && known.address == address);
        self.neighbors.remove(found.ok_or(VppError::NO_SUCH_ENTRY)?);
        Ok(())
    }

    /// Drops the neighbours of an interface that goes.
    pub(super) fn forget_neighbors(&mut self, sw_if_index: u32) {
        self.neighbors
            .retain(|known| known.sw_if_index != sw_if_index);
    }
}

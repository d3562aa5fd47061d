//! Proxy ARP.

use std::net::Ipv4Addr;

use vpp_wire::VppError;

use super::{Outcome, VppState};

/// A range of addresses that proxy ARP answers for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ProxyArpRange {
    /// The slot of the table. VPP keeps the range when the table is deleted.
    slot: u32,
    /// The first address.
    pub low: Ipv4Addr,
    /// The last address.
    pub high: Ipv4Addr,
}

impl VppState {
    /// All ranges with the id of their table, in the order they were added. The table may be
    /// deleted, and its slot may have another id since.
    pub fn proxy_arp_ranges(&self) -> impl Iterator<Item = (u32, &ProxyArpRange)> {
        self.proxy_arp_ranges.iter().map(|range| {
            let table = self.fib_in(false, range.slot);
            (table.map_or(u32::MAX, |fib| fib.table_id), range)
        })
    }

    /// The indices that proxy ARP is enabled on, including those of deleted interfaces.
    pub fn proxy_arp_indices(&self) -> impl Iterator<Item = u32> {
        self.proxy_arp_indices.iter().copied()
    }

    /// `proxy_arp_add_del`
    pub(crate) fn change_proxy_arp(
        &mut self,
        is_add: bool,
        table_id: u32,
        low: Ipv4Addr,
        high: Ipv4Addr,
    ) -> Outcome {
        let slot = self
            .table_slot(false, table_id)
            .ok_or(VppError::NO_SUCH_FIB)?;
        let range = ProxyArpRange { slot, low, high };
        let known = self.proxy_arp_ranges.iter().position(|it| *it == range);
        match (known, is_add) {
            (None, true) => self.proxy_arp_ranges.push(range),
            (None, false) => return Err(VppError::NO_SUCH_ENTRY),
            (Some(at), false) => drop(self.proxy_arp_ranges.remove(at)),
            (Some(_), true) => {}
        }
        Ok(())
    }

    /// `proxy_arp_intfc_enable_disable`. VPP enables the feature only if the index was not
    /// enabled before, even if that was for an interface that is deleted since.
    pub(crate) fn set_proxy_arp(&mut self, sw_if_index: u32, enable: bool) -> Outcome {
        self.interface(sw_if_index)?;
        let changed = if enable {
            self.proxy_arp_indices.insert(sw_if_index)
        } else {
            self.proxy_arp_indices.remove(&sw_if_index)
        };
        if changed {
            self.interface_mut(sw_if_index)?.proxy_arp = enable;
        }
        Ok(())
    }
}

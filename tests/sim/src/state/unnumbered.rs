//! Unnumbered interfaces, which borrow the addresses of another interface.

use vpp_wire::VppError;

use super::{Outcome, VppState};

/// The addresses that an interface borrows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unnumbered {
    /// The interface that lends them. VPP keeps the index when that interface is deleted.
    pub of: u32,
    /// Whether the lender had IPv4 and IPv6 addresses at the time.
    pub(super) borrows: [bool; 2],
}

impl VppState {
    /// The unnumbered interfaces, each with the index of its lender.
    pub fn unnumbered(&self) -> impl Iterator<Item = (u32, u32)> {
        let interfaces = self.interfaces();
        interfaces.filter_map(|it| Some((it.sw_if_index, it.unnumbered?.of)))
    }

    /// `sw_interface_set_unnumbered`. Hides the addresses that the interface has.
    pub(crate) fn set_unnumbered(&mut self, sw_if_index: u32, of: Option<u32>) -> Outcome {
        let tables = self.interface(sw_if_index)?.tables;
        let Some(of) = of else {
            self.interface_mut(sw_if_index)?.unnumbered = None;
            return Ok(());
        };
        let other = self
            .interface(of)
            .map_err(|_| VppError::INVALID_SW_IF_INDEX_2)?;
        if other.tables != tables {
            return Err(VppError::UNEXPECTED_INTF_STATE);
        }
        let borrows = [false, true].map(|is_ipv6| self.addresses(of, is_ipv6).next().is_some());
        if of != sw_if_index {
            self.addresses.hide(sw_if_index);
        }
        self.interface_mut(sw_if_index)?.unnumbered = Some(Unnumbered { of, borrows });
        Ok(())
    }
}

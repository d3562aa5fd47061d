//! Addresses of interfaces.

use std::net::{IpAddr, Ipv6Addr};

use ipnet::IpNet;
use vpp_wire::VppError;

use super::fib::{RouteSource, interface_routes};
use super::{Crash, Mac, Outcome, VppState};

/// One address of one interface.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Address {
    /// The interface.
    pub sw_if_index: u32,
    /// The address with its host bits.
    pub address: IpAddr,
    /// The length of its prefix.
    pub len: u8,
    /// The table that contains it.
    pub(super) table: u32,
}

impl Address {
    /// The address as a prefix with host bits.
    #[must_use]
    pub fn net(&self) -> Option<IpNet> {
        // The state contains no invalid length.
        IpNet::new(self.address, self.len).ok()
    }
}

/// 0 for IPv4, 1 for IPv6.
pub(super) fn family(address: IpAddr) -> usize {
    usize::from(address.is_ipv6())
}

impl VppState {
    /// The addresses of one interface in one family, in the order they were added.
    ///
    /// As in VPP, they include addresses that were added to an unnumbered interface which
    /// borrows from this one. Addresses that an interface had before it borrowed are left out.
    pub fn addresses(&self, sw_if_index: u32, is_ipv6: bool) -> impl Iterator<Item = &Address> {
        self.addresses.shown(sw_if_index, is_ipv6).iter()
    }

    fn table_of(&self, sw_if_index: u32, address: IpAddr) -> Option<u32> {
        let interface = self.interfaces.get(sw_if_index)?;
        interface.tables.get(family(address)).copied()
    }

    /// `sw_interface_add_del_address`, with VPP's order of checks.
    pub(crate) fn change_address(
        &mut self,
        sw_if_index: u32,
        is_add: bool,
        del_all: bool,
        (address, len): (IpAddr, u8),
    ) -> Result<Outcome, Crash> {
        if let Err(error) = self.interface(sw_if_index) {
            return Ok(Err(error));
        }
        if del_all {
            self.delete_all_addresses(sw_if_index);
            return Ok(Ok(()));
        }
        if sw_if_index == 0 {
            return Ok(Err(VppError::UNSUPPORTED));
        }
        match address {
            IpAddr::V6(link_local) if link_local.is_unicast_link_local() => {
                self.change_link_local(sw_if_index, is_add, link_local, len)
            }
            _ if is_add => Ok(self.add_address(sw_if_index, address, len)),
            _ => Ok(self.delete_address(sw_if_index, address)),
        }
    }

    fn add_address(&mut self, sw_if_index: u32, address: IpAddr, len: u8) -> Outcome {
        let (conflict, bits) = match address {
            IpAddr::V4(_) => (VppError::ADDRESS_IN_USE, 32),
            IpAddr::V6(_) => (VppError::DUPLICATE_IF_ADDRESS, 128),
        };
        let table = self.table_of(sw_if_index, address).unwrap_or(0);
        if self.addresses.conflicts(sw_if_index, table, address, len) {
            return Err(conflict);
        }
        if len == 0 || len > bits {
            return Err(VppError::ADDRESS_LENGTH_MISMATCH);
        }
        let new = Address {
            sw_if_index,
            address,
            len,
            table,
        };
        let interface = self.interface(sw_if_index)?;
        let borrowed = interface
            .unnumbered
            .filter(|it| it.borrows[family(address)]);
        let shown_on = borrowed.map_or(sw_if_index, |it| it.of);
        let is_up = interface.admin_up;
        self.addresses.insert(shown_on, new);
        if is_up {
            self.add_interface_routes(&new);
        }
        if address.is_ipv6() {
            self.lock_ip6(sw_if_index, None);
        }
        Ok(())
    }

    fn delete_address(&mut self, sw_if_index: u32, address: IpAddr) -> Outcome {
        let table = self.table_of(sw_if_index, address).unwrap_or(0);
        let known = self.addresses.get(table, address).copied();
        let known = known.filter(|known| known.sw_if_index == sw_if_index);
        let known = known.ok_or(VppError::ADDRESS_NOT_FOUND_FOR_INTERFACE)?;
        self.remove_address(sw_if_index, &known);
        if address.is_ipv6() {
            self.unlock_ip6(sw_if_index);
        }
        Ok(())
    }

    fn delete_all_addresses(&mut self, sw_if_index: u32) {
        let locks = self.addresses(sw_if_index, true).count();
        self.remove_addresses(sw_if_index);
        for _ in 0..locks {
            self.unlock_ip6(sw_if_index);
        }
    }

    /// Removes all addresses that an interface shows.
    pub(super) fn remove_addresses(&mut self, sw_if_index: u32) {
        for is_ipv6 in [false, true] {
            for known in self.addresses.shown(sw_if_index, is_ipv6).to_vec() {
                self.remove_address(sw_if_index, &known);
            }
        }
    }

    fn remove_address(&mut self, shown_on: u32, address: &Address) {
        self.remove_interface_routes(address);
        self.addresses.remove(shown_on, address);
    }

    /// Adds or removes the routes of an interface's addresses when its admin state changes.
    pub(super) fn update_interface_routes(&mut self, sw_if_index: u32, up: bool) {
        for is_ipv6 in [false, true] {
            for known in self.addresses.shown(sw_if_index, is_ipv6).to_vec() {
                if up {
                    self.add_interface_routes(&known);
                } else {
                    self.remove_interface_routes(&known);
                }
            }
        }
    }

    fn add_interface_routes(&mut self, address: &Address) {
        let owner = Some(address.address);
        let routes = address
            .net()
            .map(|net| interface_routes(address.sw_if_index, net));
        if let Some(fib) = self.fib_mut(address.address.is_ipv6(), address.table) {
            for (prefix, path) in routes.into_iter().flatten() {
                fib.add(prefix, RouteSource::Interface, owner, path);
            }
        }
    }

    fn remove_interface_routes(&mut self, address: &Address) {
        let owner = Some(address.address);
        let routes = address
            .net()
            .map(|net| interface_routes(address.sw_if_index, net));
        if let Some(fib) = self.fib_mut(address.address.is_ipv6(), address.table) {
            for (prefix, path) in routes.into_iter().flatten() {
                fib.remove(prefix, RouteSource::Interface, owner, &path);
            }
        }
    }

    fn change_link_local(
        &mut self,
        sw_if_index: u32,
        is_add: bool,
        address: Ipv6Addr,
        len: u8,
    ) -> Result<Outcome, Crash> {
        if len != 128 {
            return Ok(Err(VppError::ADDRESS_LENGTH_MISMATCH));
        }
        let current = self
            .interface(sw_if_index)
            .ok()
            .and_then(|it| it.link_local);
        match (is_add, current) {
            (true, None) => self.lock_ip6(sw_if_index, Some(address)),
            (true, Some(_)) => {
                if let Ok(interface) = self.interface_mut(sw_if_index) {
                    interface.link_local = Some(address);
                }
            }
            (false, None) => {
                return Err(Crash(format!(
                    "deletion of link-local {address} from interface {sw_if_index} without IPv6"
                )));
            }
            (false, Some(current)) if current == address => {
                return Ok(Err(VppError::ADDRESS_NOT_DELETABLE));
            }
            (false, Some(_)) => return Ok(Err(VppError::ADDRESS_NOT_FOUND_FOR_INTERFACE)),
        }
        Ok(Ok(()))
    }

    /// `sw_interface_ip6_enable_disable`
    pub(crate) fn set_ip6(&mut self, sw_if_index: u32, enable: bool) -> Outcome {
        let on = self.interface(sw_if_index)?.link_local.is_some();
        match (enable, on) {
            (true, _) => self.lock_ip6(sw_if_index, None),
            (false, true) => self.unlock_ip6(sw_if_index),
            (false, false) => return Err(VppError::IP6_NOT_ENABLED),
        }
        if enable && on {
            return Err(VppError::VALUE_EXIST);
        }
        Ok(())
    }

    /// Adds a reason to enable IPv6 on an interface. The first one creates the link-local
    /// address.
    fn lock_ip6(&mut self, sw_if_index: u32, link_local: Option<Ipv6Addr>) {
        let random = self.macs.mac();
        let mac = self.hardware(sw_if_index).ok().and_then(|it| it.mac);
        if let Ok(interface) = self.interface_mut(sw_if_index) {
            interface.ip6_locks += 1;
            if interface.link_local.is_none() {
                let generated = link_local_of(mac.unwrap_or(random));
                interface.link_local = Some(link_local.unwrap_or(generated));
            }
        }
    }

    /// Removes a reason to enable IPv6. The last one removes the link-local address.
    fn unlock_ip6(&mut self, sw_if_index: u32) {
        if let Ok(interface) = self.interface_mut(sw_if_index) {
            interface.ip6_locks = interface.ip6_locks.saturating_sub(1);
            if interface.ip6_locks == 0 {
                interface.link_local = None;
            }
        }
    }
}

/// The link-local address of a MAC address, by EUI-64.
fn link_local_of([a, b, c, d, e, f]: Mac) -> Ipv6Addr {
    Ipv6Addr::from([
        0xfe,
        0x80,
        0,
        0,
        0,
        0,
        0,
        0,
        a ^ 2,
        b,
        c,
        0xff,
        0xfe,
        d,
        e,
        f,
    ])
}

//! The addresses of all interfaces, indexed by interface, by value and by network.

use std::collections::BTreeMap;
use std::net::IpAddr;

use ipnet::IpNet;

use super::Address;

/// The addresses of all interfaces.
#[derive(Debug, Default)]
pub struct AddressBook {
    /// By the interface that shows them and the family, in the order they were added.
    shown: BTreeMap<(u32, bool), Vec<Address>>,
    /// By table.
    by_address: BTreeMap<(u32, IpAddr), Address>,
    /// By table, first address and length: the interface that owns the network, and the number
    /// of its addresses.
    networks: BTreeMap<(u32, IpAddr, u8), (u32, usize)>,
}

impl AddressBook {
    /// The addresses that an interface shows in one family.
    pub fn shown(&self, sw_if_index: u32, is_ipv6: bool) -> &[Address] {
        let shown = self.shown.get(&(sw_if_index, is_ipv6));
        shown.map_or(&[], Vec::as_slice)
    }

    /// The entry of an address in a table.
    pub fn get(&self, table: u32, address: IpAddr) -> Option<&Address> {
        self.by_address.get(&(table, address))
    }

    /// Whether a new address of an interface overlaps an existing one. One interface may have
    /// several addresses of one network.
    pub fn conflicts(&self, sw_if_index: u32, table: u32, address: IpAddr, len: u8) -> bool {
        if self.get(table, address).is_some() {
            return true;
        }
        let bits = if address.is_ipv6() { 128 } else { 32 };
        let is_beside = |known_len, owner| known_len == len && owner == sw_if_index;
        let covering = (0..=bits).any(|known_len| {
            let network = IpNet::new(address, known_len).map(|net| net.network());
            let known = network.ok().and_then(|network| {
                let key = (table, network, known_len);
                self.networks.get(&key)
            });
            known.is_some_and(|(owner, _)| !is_beside(known_len, *owner))
        });
        let Ok(net) = IpNet::new(address, len.min(bits)) else {
            return covering;
        };
        let range = (table, net.network(), 0)..=(table, net.broadcast(), u8::MAX);
        let mut within = self.networks.range(range);
        covering || within.any(|((_, _, known_len), (owner, _))| !is_beside(*known_len, *owner))
    }

    /// Adds an address. `shown_on` may be another interface than the address's own.
    pub fn insert(&mut self, shown_on: u32, address: Address) {
        let family = address.address.is_ipv6();
        self.shown
            .entry((shown_on, family))
            .or_default()
            .push(address);
        self.by_address
            .insert((address.table, address.address), address);
        if let Some(key) = network_key(&address) {
            let owner = address.sw_if_index;
            self.networks.entry(key).or_insert((owner, 0)).1 += 1;
        }
    }

    /// Removes an address that an interface shows.
    pub fn remove(&mut self, shown_on: u32, address: &Address) {
        let key = (shown_on, address.address.is_ipv6());
        let Some(shown) = self.shown.get_mut(&key) else {
            return;
        };
        let Some(at) = shown.iter().position(|known| known == address) else {
            return;
        };
        shown.remove(at);
        if shown.is_empty() {
            self.shown.remove(&key);
        }
        self.by_address.remove(&(address.table, address.address));
        if let Some(key) = network_key(address)
            && let Some((_, count)) = self.networks.get_mut(&key)
        {
            *count -= 1;
            if *count == 0 {
                self.networks.remove(&key);
            }
        }
    }

    /// Hides the addresses of an interface. They still conflict with others.
    pub fn hide(&mut self, sw_if_index: u32) {
        for is_ipv6 in [false, true] {
            self.shown.remove(&(sw_if_index, is_ipv6));
        }
    }

    /// All addresses by table and value, including hidden ones.
    pub fn all(&self) -> impl Iterator<Item = &Address> {
        self.by_address.values()
    }
}

fn network_key(address: &Address) -> Option<(u32, IpAddr, u8)> {
    let net = IpNet::new(address.address, address.len).ok()?;
    Some((address.table, net.network(), address.len))
}

//! IP neighbors.

use std::collections::BTreeMap;
use std::net::IpAddr;

use ipnet::IpNet;
use vpp_wire::VppError;

use super::fib::{RoutePath, RouteSource};
use super::{Mac, Outcome, VppState};

/// One neighbor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Neighbor {
    /// The interface that leads to it.
    pub sw_if_index: u32,
    /// Its IP address.
    pub address: IpAddr,
    /// Its MAC address.
    pub mac: Mac,
    /// `ip_neighbor_flags` of the API: 1 static, 2 without FIB entry.
    pub flags: u8,
}

impl Neighbor {
    /// Whether it remains until it is deleted.
    pub(super) fn is_static(&self) -> bool {
        self.flags & 1 != 0
    }

    fn is_in_fib(&self) -> bool {
        self.flags & 2 == 0
    }
}

/// All neighbors in the order they were added, indexed by interface and address.
#[derive(Debug, Default)]
pub struct Neighbors {
    by_age: BTreeMap<u64, Neighbor>,
    ages: BTreeMap<(u32, IpAddr), u64>,
    next_age: u64,
}

impl VppState {
    /// All neighbors, oldest first.
    pub fn neighbors(&self) -> impl Iterator<Item = &Neighbor> {
        self.neighbors.by_age.values()
    }

    /// `ip_neighbor_add_del`, adding. Only a static neighbor replaces a static one.
    pub(crate) fn add_neighbor(&mut self, new: Neighbor) -> Outcome {
        self.interface(new.sw_if_index)?;
        let age = self
            .neighbors
            .ages
            .get(&(new.sw_if_index, new.address))
            .copied();
        let known = age.and_then(|age| self.neighbors.by_age.get_mut(&age));
        match known {
            Some(known) if known.is_static() && !new.is_static() && known.mac != new.mac => {
                return Err(VppError::INVALID_SW_IF_INDEX);
            }
            Some(known) => {
                let old = std::mem::replace(known, new);
                self.set_neighbor_route(&old, false);
            }
            None => {
                let age = self.neighbors.next_age;
                self.neighbors.next_age += 1;
                self.neighbors.by_age.insert(age, new);
                self.neighbors
                    .ages
                    .insert((new.sw_if_index, new.address), age);
            }
        }
        self.set_neighbor_route(&new, true);
        Ok(())
    }

    /// `ip_neighbor_add_del`, deleting.
    pub(crate) fn delete_neighbor(&mut self, sw_if_index: u32, address: IpAddr) -> Outcome {
        self.interface(sw_if_index)?;
        let age = self.neighbors.ages.remove(&(sw_if_index, address));
        let known = age.and_then(|age| self.neighbors.by_age.remove(&age));
        self.set_neighbor_route(&known.ok_or(VppError::NO_SUCH_ENTRY)?, false);
        Ok(())
    }

    /// Removes the neighbors of an interface that `which` accepts.
    pub(super) fn remove_neighbors(&mut self, sw_if_index: u32, which: fn(&Neighbor) -> bool) {
        let first = (sw_if_index, IpAddr::from([0; 4]));
        let last = (sw_if_index, IpAddr::from([0xff; 16]));
        let ages = self.neighbors.ages.range(first..=last);
        let known = ages.filter_map(|(_, age)| self.neighbors.by_age.get(age));
        let gone: Vec<IpAddr> = known.filter(|it| which(it)).map(|it| it.address).collect();
        for address in gone {
            // All of them exist, so this is infallible.
            let _ = self.delete_neighbor(sw_if_index, address);
        }
    }

    /// Adds or removes the route to a neighbor's address.
    fn set_neighbor_route(&mut self, neighbor: &Neighbor, is_add: bool) {
        let (index, address) = (neighbor.sw_if_index, neighbor.address);
        let is_ipv6 = address.is_ipv6();
        let Some(interface) = self.interfaces.get(index).filter(|_| neighbor.is_in_fib()) else {
            return;
        };
        let [ip4, ip6] = interface.tables;
        let table = if is_ipv6 { ip6 } else { ip4 };
        if let Some(fib) = self.fib_mut(is_ipv6, table) {
            let (prefix, path) = (IpNet::from(address), RoutePath::neighbor(index, address));
            if is_add {
                fib.add(prefix, RouteSource::Neighbor, None, path);
            } else {
                fib.remove(prefix, RouteSource::Neighbor, None, &path);
            }
        }
    }
}

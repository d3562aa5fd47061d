//! Requests that change routes and ND proxies.

use std::net::{IpAddr, Ipv6Addr};

use ipnet::IpNet;
use vpp_wire::VppError;

use super::fib::{Route, RoutePath, RouteSource};
use super::{Outcome, VppState};

/// The parameters of `ip_route_add_del`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct RouteChange {
    /// Whether to add or delete.
    pub(crate) is_add: bool,
    /// Whether to change only the given paths instead of all.
    pub(crate) is_multipath: bool,
    /// The table.
    pub(crate) table_id: u32,
}

impl VppState {
    /// The route of exactly this prefix, or else of the longest prefix that covers it.
    ///
    /// # Errors
    /// `NO_SUCH_FIB` if the table does not exist, `NO_SUCH_ENTRY` if the route does not exist.
    pub fn route(&self, table_id: u32, prefix: IpNet, exact: bool) -> Result<Route, VppError> {
        let is_ipv6 = prefix.addr().is_ipv6();
        let fib = self.fib(is_ipv6, table_id).ok_or(VppError::NO_SUCH_FIB)?;
        let found = if exact {
            fib.exact(prefix)
        } else {
            fib.longest(prefix)
        };
        found.ok_or(VppError::NO_SUCH_ENTRY)
    }

    /// All routes of a table by prefix. Empty if the table does not exist.
    pub fn routes(&self, is_ipv6: bool, table_id: u32) -> impl Iterator<Item = Route> {
        let fib = self.fib(is_ipv6, table_id).into_iter();
        fib.flat_map(|fib| fib.routes())
    }

    /// Checks the interface of a path in `ip_route_add_del`, or the table of its next hop.
    pub(crate) fn check_path(&self, sw_if_index: u32, is_ipv6: bool, table_id: u32) -> Outcome {
        if sw_if_index != u32::MAX {
            return match self.interface(sw_if_index) {
                Ok(_) => Ok(()),
                Err(_) => Err(VppError::NO_MATCHING_INTERFACE),
            };
        }
        match self.table_slot(is_ipv6, table_id) {
            Some(_) => Ok(()),
            None => Err(VppError::NO_SUCH_FIB),
        }
    }

    /// `ip_route_add_del` with decoded paths. Returns the `stats_index` of an added route.
    pub(crate) fn change_route(
        &mut self,
        change: RouteChange,
        prefix: IpNet,
        paths: &[RoutePath],
    ) -> Result<Option<u32>, VppError> {
        let RouteChange {
            is_add,
            is_multipath,
            table_id,
        } = change;
        let is_ipv6 = prefix.addr().is_ipv6();
        let fib = self
            .fib_mut(is_ipv6, table_id)
            .ok_or(VppError::NO_SUCH_FIB)?;
        if paths.is_empty() && (is_add || is_multipath) {
            return Err(VppError::NO_PATHS_IN_ROUTE);
        }
        match (is_add, is_multipath) {
            (true, false) => fib.replace(prefix, RouteSource::Api, paths),
            (true, true) => {
                for path in paths {
                    fib.add(prefix, RouteSource::Api, None, *path);
                }
            }
            (false, true) => {
                for path in paths {
                    fib.remove(prefix, RouteSource::Api, None, path);
                }
            }
            (false, false) => fib.clear(prefix, RouteSource::Api),
        }
        let stats_index = fib.exact(prefix).map(|route| route.stats_index);
        Ok(stats_index.filter(|_| is_add))
    }

    /// `ip6nd_proxy_add_del`. It adds or removes a route to the address over the interface.
    pub(crate) fn change_nd_proxy(
        &mut self,
        sw_if_index: u32,
        is_add: bool,
        address: Ipv6Addr,
    ) -> Outcome {
        let [_, table_id] = self.interface(sw_if_index)?.tables;
        let prefix = IpNet::from(IpAddr::V6(address));
        let path = RoutePath::normal(sw_if_index, 0, address.into(), prefix);
        let fib = self.fib_mut(true, table_id).ok_or(VppError::NO_SUCH_FIB)?;
        if is_add {
            fib.add(prefix, RouteSource::NdProxy, None, path);
        } else {
            fib.remove(prefix, RouteSource::NdProxy, None, &path);
            // A neighbor with that address is deleted if it exists.
            let _ = self.delete_neighbor(sw_if_index, address.into());
        }
        Ok(())
    }

    /// The addresses of ND proxies in existing tables, with their interface.
    pub fn nd_proxies(&self) -> impl Iterator<Item = (Ipv6Addr, u32)> {
        let fibs = self
            .tables(true)
            .filter_map(|table| self.fib(true, table.id));
        let paths = fibs.flat_map(|fib| fib.paths_of(RouteSource::NdProxy));
        paths.filter_map(|(prefix, path)| match prefix.addr() {
            IpAddr::V6(address) => Some((address, path.sw_if_index)),
            IpAddr::V4(_) => None,
        })
    }
}

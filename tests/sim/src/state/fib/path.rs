use std::cmp::Ordering;
use std::net::IpAddr;

use ipnet::IpNet;

/// One path of a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RoutePath {
    /// The treatment of packets.
    pub kind: PathKind,
    /// The interface, or `u32::MAX` for none.
    pub sw_if_index: u32,
    /// The table of a next hop without interface.
    pub table_id: u32,
    /// The next hop, or the unspecified address for none. Its family is that of the path.
    pub next_hop: IpAddr,
    /// Its share of the load.
    pub weight: u8,
    /// The rank. Paths with a larger number are fallbacks.
    pub preference: u8,
}

/// The treatment of packets on a path, in VPP's order (`fib_path_type_t`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum PathKind {
    /// Sends to a next hop on an interface.
    Neighbor,
    /// Sends to the destination on an interface.
    Attached,
    /// Looks up the next hop.
    Recursive,
    /// Drops.
    Drop,
    /// Drops and reports the destination as unreachable to the sender.
    Unreachable,
    /// Drops and reports the destination as prohibited to the sender.
    Prohibited,
    /// Looks up the destination in another table.
    Table,
    /// Delivers to VPP itself.
    Local,
}

impl RoutePath {
    /// A path to a next hop, an interface or a table, for a route to `prefix`.
    pub(crate) fn normal(sw_if_index: u32, table_id: u32, next_hop: IpAddr, prefix: IpNet) -> Self {
        let is_host = prefix.prefix_len() == prefix.max_prefix_len();
        let kind = match (sw_if_index == u32::MAX, next_hop.is_unspecified()) {
            (true, true) => PathKind::Table,
            (true, false) => PathKind::Recursive,
            (false, true) if !is_host => PathKind::Attached,
            _ => PathKind::Neighbor,
        };
        let next_hop = if kind == PathKind::Neighbor && next_hop.is_unspecified() {
            prefix.addr()
        } else {
            next_hop
        };
        Self {
            kind,
            sw_if_index,
            // VPP shows the table only for a path without interface.
            table_id: if sw_if_index == u32::MAX { table_id } else { 0 },
            next_hop,
            weight: 1,
            preference: 0,
        }
    }

    /// A path to a neighbor.
    pub(in crate::state) fn neighbor(sw_if_index: u32, next_hop: IpAddr) -> Self {
        Self {
            kind: PathKind::Neighbor,
            sw_if_index,
            table_id: 0,
            next_hop,
            weight: 1,
            preference: 0,
        }
    }

    /// A path to all destinations on an interface's link.
    pub(super) fn attached(sw_if_index: u32, family: IpAddr) -> Self {
        Self {
            kind: PathKind::Attached,
            next_hop: unspecified(family),
            ..Self::neighbor(sw_if_index, family)
        }
    }

    /// A path to VPP itself, for an address of an interface.
    pub(super) fn local(sw_if_index: u32, address: IpAddr) -> Self {
        Self {
            kind: PathKind::Local,
            ..Self::neighbor(sw_if_index, address)
        }
    }

    /// A path of this kind without interface and next hop.
    pub(crate) fn nowhere(kind: PathKind, family: IpAddr) -> Self {
        Self {
            kind,
            next_hop: unspecified(family),
            ..Self::neighbor(u32::MAX, family)
        }
    }

    /// Compares in VPP's order of paths (`fib_path_cmp_i` in `fib_path.c`). Equal paths are the
    /// same path, even with different weights.
    pub(super) fn compare(&self, other: &Self) -> Ordering {
        let family = |path: &Self| path.next_hop.is_ipv6();
        let kind = self.kind.cmp(&other.kind);
        kind.then(family(self).cmp(&family(other)))
            .then_with(|| match self.kind {
                PathKind::Neighbor => self
                    .next_hop
                    .cmp(&other.next_hop)
                    .then(self.sw_if_index.cmp(&other.sw_if_index)),
                PathKind::Attached => self.sw_if_index.cmp(&other.sw_if_index),
                PathKind::Recursive | PathKind::Table => self
                    .next_hop
                    .cmp(&other.next_hop)
                    .then(self.table_id.cmp(&other.table_id)),
                _ => Ordering::Equal,
            })
    }
}

/// The unspecified address of a family.
pub(super) fn unspecified(family: IpAddr) -> IpAddr {
    match family {
        IpAddr::V4(_) => IpAddr::from([0; 4]),
        IpAddr::V6(_) => IpAddr::from([0; 16]),
    }
}

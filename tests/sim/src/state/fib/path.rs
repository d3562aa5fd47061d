use std::cmp::Ordering;
use std::net::IpAddr;

use ipnet::IpNet;

/// One path of a route, as the API has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Path {
    /// What happens to a packet.
    pub kind: PathKind,
    /// The interface; `u32::MAX` for none.
    pub sw_if_index: u32,
    /// The table of a next hop without interface.
    pub table_id: u32,
    /// The next hop, whose family is that of the path; unspecified for none.
    pub next_hop: IpAddr,
    /// Its share of the load.
    pub weight: u8,
    /// Paths with a larger number are a fallback.
    pub preference: u8,
}

/// What happens to a packet on a path, in VPP's order (`fib_path_type_t`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum PathKind {
    /// It goes to a next hop on an interface.
    Neighbor,
    /// It goes to its destination on an interface.
    Attached,
    /// Its next hop is looked up.
    Recursive,
    /// It is dropped.
    Drop,
    /// It is dropped and the sender hears of it.
    Unreachable,
    /// As [`Unreachable`](Self::Unreachable), as a prohibition.
    Prohibited,
    /// Its destination is looked up in another table.
    Table,
    /// It is for VPP itself.
    Local,
}

impl Path {
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
            // VPP shows the table where it counts.
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

    /// A path to all of an interface's link.
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

    /// A path of that kind to nowhere.
    pub(crate) fn nowhere(kind: PathKind, family: IpAddr) -> Self {
        Self {
            kind,
            next_hop: unspecified(family),
            ..Self::neighbor(u32::MAX, family)
        }
    }

    /// VPP's order of paths; equal ones are the same path, whatever their weight
    /// (`fib_path_cmp_i` in `fib_path.c`).
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

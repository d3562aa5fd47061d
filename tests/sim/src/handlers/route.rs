//! IP routes.

use std::net::IpAddr;

use ipnet::IpNet;
use vpp_bindings::fib_types::{FibPath, FibPathNh, FibPathNhProto, FibPathType};
use vpp_bindings::ip::*;
use vpp_bindings::ip_types::{AddressUnion, Prefix};
use vpp_wire::VppError;

use super::dispatcher::Dispatcher;
use super::{Call, Sink, code};
use crate::state::{PathKind, Route, RouteChange, RoutePath, VppState};

pub(super) fn register(dispatcher: &mut Dispatcher) {
    dispatcher
        .request(ip_route_add_del)
        .request(ip_route_lookup)
        .dump(ip_route_dump);
}

fn ip_route_add_del(call: &mut Call<'_>, it: IpRouteAddDel) -> IpRouteAddDelReply {
    let stats_index = change(call.state(), &it);
    IpRouteAddDelReply {
        retval: code(&stats_index),
        stats_index: stats_index.ok().flatten().unwrap_or(u32::MAX),
    }
}

/// Changes a route. As in VPP, checks the table, each path, the prefix length and the number of
/// paths in this order.
fn change(state: &mut VppState, it: &IpRouteAddDel) -> Result<Option<u32>, VppError> {
    let route = &it.route;
    let address = address_of(route.prefix)?;
    if !state.has_table(address.is_ipv6(), route.table_id) {
        return Err(VppError::NO_SUCH_FIB);
    }
    let prefix = IpNet::new(address, route.prefix.len);
    // The length is checked last. Until then any length will do.
    let any = prefix.as_ref().map_or(IpNet::from(address), |net| *net);
    let paths = route.paths.iter().map(|path| read_path(state, path, any));
    let paths = paths.collect::<Result<Vec<_>, _>>()?;
    let prefix = prefix.map_err(|_| VppError::INVALID_PREFIX_LENGTH)?;
    let change = RouteChange {
        is_add: it.is_add,
        is_multipath: it.is_multipath,
        table_id: route.table_id,
    };
    state.change_route(change, prefix, &paths)
}

/// The address of a prefix.
fn address_of(prefix: Prefix) -> Result<IpAddr, VppError> {
    super::ip::address(prefix.address).ok_or(VppError::INVALID_ADDRESS_FAMILY)
}

fn read_path(state: &VppState, path: &FibPath, prefix: IpNet) -> Result<RoutePath, VppError> {
    let next_hop = match path.proto {
        FibPathNhProto::IP4 => IpAddr::V4(path.nh.address.ip4().into()),
        FibPathNhProto::IP6 => IpAddr::V6(path.nh.address.ip6().into()),
        other if other.0 > FibPathNhProto::BIER.0 => return Err(VppError::UNSPECIFIED),
        // The simulator supports IP only.
        _ => return Err(VppError::UNIMPLEMENTED),
    };
    let index = path.sw_if_index;
    let read = match path.r#type {
        FibPathType::NORMAL => {
            state.check_path(index, next_hop.is_ipv6(), path.table_id)?;
            RoutePath::normal(index, path.table_id, next_hop, prefix)
        }
        FibPathType::DROP => RoutePath::nowhere(PathKind::Drop, next_hop),
        FibPathType::ICMP_UNREACH => RoutePath::nowhere(PathKind::Unreachable, next_hop),
        FibPathType::ICMP_PROHIBIT => RoutePath::nowhere(PathKind::Prohibited, next_hop),
        _ => return Err(VppError::UNIMPLEMENTED),
    };
    Ok(RoutePath {
        weight: path.weight.max(1),
        preference: path.preference,
        ..read
    })
}

fn ip_route_lookup(call: &mut Call<'_>, it: IpRouteLookup) -> IpRouteLookupReply {
    let found = lookup(call.state(), &it);
    IpRouteLookupReply {
        retval: code(&found),
        route: found.unwrap_or_default(),
    }
}

fn lookup(state: &VppState, it: &IpRouteLookup) -> Result<IpRoute, VppError> {
    let address = address_of(it.prefix)?;
    let prefix = IpNet::new(address, it.prefix.len);
    // VPP finds no route for an invalid length.
    let prefix = prefix.map_err(|_| VppError::NO_SUCH_ENTRY)?;
    let route = state.route(it.table_id, prefix, it.exact != 0)?;
    Ok(show(it.table_id, &route))
}

/// All routes of a table by prefix. VPP uses the order of its hash tables.
fn ip_route_dump(state: &VppState, it: IpRouteDump, sink: &mut Sink<'_, IpRouteDetails>) {
    for route in state.routes(it.table.is_ip6, it.table.table_id) {
        sink.send(&IpRouteDetails {
            route: show(it.table.table_id, &route),
        });
    }
}

fn show(table_id: u32, route: &Route) -> IpRoute {
    IpRoute {
        table_id,
        stats_index: route.stats_index,
        prefix: route.prefix.into(),
        paths: route.paths.iter().map(show_path).collect(),
    }
}

fn show_path(path: &RoutePath) -> FibPath {
    let (proto, address) = match path.next_hop {
        IpAddr::V4(next_hop) => (FibPathNhProto::IP4, AddressUnion::from_ip4(next_hop.into())),
        IpAddr::V6(next_hop) => (FibPathNhProto::IP6, AddressUnion::from_ip6(next_hop.into())),
    };
    FibPath {
        sw_if_index: path.sw_if_index,
        table_id: path.table_id,
        weight: path.weight,
        preference: path.preference,
        r#type: match path.kind {
            PathKind::Drop => FibPathType::DROP,
            PathKind::Unreachable => FibPathType::ICMP_UNREACH,
            PathKind::Prohibited => FibPathType::ICMP_PROHIBIT,
            PathKind::Local => FibPathType::LOCAL,
            _ => FibPathType::NORMAL,
        },
        proto,
        nh: FibPathNh {
            address,
            ..Default::default()
        },
        ..Default::default()
    }
}

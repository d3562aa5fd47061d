//! Routes.

use std::net::IpAddr;

use ipnet::IpNet;
use vpp_bindings::client::Client;
use vpp_bindings::fib_types::{FibPath, FibPathNh, FibPathNhProto, FibPathType};
use vpp_bindings::ip::{IpRoute, IpRouteAddDel, IpRouteLookup};
use vpp_bindings::ip_types::AddressUnion;
use vpp_bindings::wire::VppError;

use super::infra::{AnyOf, key};
use super::{Error, InterfaceIndex, Result};

/// The messages that this module needs.
pub const NEEDS: &[AnyOf] = &[&[key::<IpRouteAddDel>()], &[key::<IpRouteLookup>()]];

/// The index for a path without interface.
const NO_INTERFACE: u32 = u32::MAX;

/// One route.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Route {
    /// The ID of its table. Table 0 always exists.
    pub table_id: u32,
    /// The destinations. Host bits are ignored.
    pub prefix: IpNet,
    /// Where packets go. VPP balances the load over several paths. Empty in the result of
    /// [`lookup`] if VPP drops the packets or receives them itself.
    pub paths: Vec<Path>,
}

/// One path of a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Path {
    /// The interface. Without one, VPP looks up the next hop in the route's table.
    pub sw_if_index: Option<InterfaceIndex>,
    /// The next hop. Without one, the destinations are on the link.
    pub next_hop: Option<IpAddr>,
}

impl Path {
    fn message(self, table_id: u32, prefix: IpNet) -> FibPath {
        let address = match self.next_hop {
            Some(IpAddr::V4(next_hop)) => AddressUnion::from_ip4(next_hop.into()),
            Some(IpAddr::V6(next_hop)) => AddressUnion::from_ip6(next_hop.into()),
            None => AddressUnion::default(),
        };
        let is_ipv6 = match self.next_hop {
            Some(next_hop) => next_hop.is_ipv6(),
            None => prefix.addr().is_ipv6(),
        };
        FibPath {
            sw_if_index: self.sw_if_index.map_or(NO_INTERFACE, |it| it.0),
            table_id,
            // Not a multicast path.
            rpf_id: u32::MAX,
            weight: 1,
            proto: if is_ipv6 {
                FibPathNhProto::IP6
            } else {
                FibPathNhProto::IP4
            },
            nh: FibPathNh {
                address,
                ..Default::default()
            },
            ..Default::default()
        }
    }

    /// A path over an interface or a next hop; `None` for other types of path.
    fn of(path: &FibPath) -> Option<Self> {
        if path.r#type != FibPathType::NORMAL {
            return None;
        }
        let next_hop = match path.proto {
            FibPathNhProto::IP4 => Some(IpAddr::V4(path.nh.address.ip4().into())),
            FibPathNhProto::IP6 => Some(IpAddr::V6(path.nh.address.ip6().into())),
            _ => None,
        };
        let index = Some(path.sw_if_index).filter(|index| *index != NO_INTERFACE);
        Some(Self {
            sw_if_index: index.map(InterfaceIndex),
            next_hop: next_hop.filter(|address| !address.is_unspecified()),
        })
    }
}

impl Route {
    fn message(&self) -> IpRoute {
        let prefix = self.prefix.trunc();
        let paths = self.paths.iter();
        let paths = paths.map(|path| path.message(self.table_id, prefix));
        IpRoute {
            table_id: self.table_id,
            stats_index: 0,
            prefix: prefix.into(),
            paths: paths.collect(),
        }
    }
}

/// Adds a route. It replaces the paths that an earlier call added to its prefix.
///
/// # Errors
/// The route has no path, more than 255, or one without interface and next hop. VPP refuses: the table
/// (`NO_SUCH_FIB`) or an interface (`NO_MATCHING_INTERFACE`) does not exist.
pub async fn add(client: &Client, route: &Route) -> Result<()> {
    const OPERATION: &str = "add the route";
    check(OPERATION, route)?;
    let request = IpRouteAddDel {
        is_add: true,
        is_multipath: false,
        route: route.message(),
    };
    client
        .call(request)
        .await
        .map_err(Error::during(OPERATION))?;
    Ok(())
}

/// Removes the paths of `route` from its prefix; paths of other owners remain. VPP
/// ignores paths that the prefix does not have.
///
/// VPP keeps the routes over a deleted interface, and then refuses to remove them by path. In
/// that case the whole prefix is removed if it has no other path.
///
/// # Errors
/// As [`add`]; `NO_MATCHING_INTERFACE` if an interface was deleted and the prefix has
/// other paths.
pub async fn delete(client: &Client, route: &Route) -> Result<()> {
    const OPERATION: &str = "delete the route";
    check(OPERATION, route)?;
    let request = IpRouteAddDel {
        is_add: false,
        is_multipath: true,
        route: route.message(),
    };
    let error = match client.call(request).await {
        Ok(_) => return Ok(()),
        Err(error) => error,
    };
    if error.vpp_error() == Some(VppError::NO_MATCHING_INTERFACE) {
        match lookup(client, route.table_id, route.prefix, true).await? {
            None => return Ok(()),
            Some(found) if is_covered(&found, route) => {
                return delete_prefix(client, OPERATION, route).await;
            }
            Some(_) => {}
        }
    }
    Err(Error::during(OPERATION)(error))
}

/// Whether all paths of `found` are among those of `route`. If `found` has no path, VPP shows
/// another source of the prefix, which hides the paths.
fn is_covered(found: &Route, route: &Route) -> bool {
    !found.paths.is_empty() && found.paths.iter().all(|path| route.paths.contains(path))
}

async fn delete_prefix(client: &Client, operation: &'static str, route: &Route) -> Result<()> {
    let request = IpRouteAddDel {
        is_add: false,
        is_multipath: false,
        route: IpRoute {
            paths: Vec::new(),
            ..route.message()
        },
    };
    client
        .call(request)
        .await
        .map_err(Error::during(operation))?;
    Ok(())
}

/// The route of exactly this prefix, or of the longest prefix that covers it. The table's own
/// default route covers every prefix, and drops.
///
/// The addresses of an interface that is up and neighbors are routes as well: `ADDRESS/32` or
/// `ADDRESS/128`. If a prefix has several sources, VPP shows one: interface addresses before
/// added routes, and those before ND proxies and neighbors.
///
/// # Errors
/// VPP refuses: the table does not exist (`NO_SUCH_FIB`).
pub async fn lookup(
    client: &Client,
    table_id: u32,
    prefix: IpNet,
    exact: bool,
) -> Result<Option<Route>> {
    const OPERATION: &str = "look for the route";
    let request = IpRouteLookup {
        table_id,
        exact: exact.into(),
        prefix: prefix.trunc().into(),
    };
    let route = match client.call(request).await {
        Ok(reply) => reply.route,
        Err(error) if error.vpp_error() == Some(VppError::NO_SUCH_ENTRY) => return Ok(None),
        Err(error) => return Err(Error::during(OPERATION)(error)),
    };
    let prefix = IpNet::try_from(route.prefix)
        .map_err(|error| Error::invalid(OPERATION, format!("VPP's prefix: {error}")))?;
    Ok(Some(Route {
        table_id: route.table_id,
        // VPP shows the host bits of the source that added the prefix first.
        prefix: prefix.trunc(),
        paths: route.paths.iter().filter_map(Path::of).collect(),
    }))
}

fn check(operation: &'static str, route: &Route) -> Result<()> {
    let prefix = route.prefix;
    let paths = route.paths.len();
    if !(1..=255).contains(&paths) {
        let why = format!("{prefix} has {paths} paths, expected 1 to 255");
        return Err(Error::invalid(operation, why));
    }
    for path in &route.paths {
        let why = match (path.sw_if_index, path.next_hop) {
            (Some(InterfaceIndex(NO_INTERFACE)), _) => "interface 4294967295 does not exist",
            (None, None) => "it has no interface and no next hop",
            _ => continue,
        };
        return Err(Error::invalid(
            operation,
            format!("a path of {prefix}: {why}"),
        ));
    }
    Ok(())
}

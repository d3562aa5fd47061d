//! ND proxy: VPP answers neighbor solicitations for an address of an interface on the others.
//!
//! IPv6 must be enabled on the interface ([`interface::set_ip6_enabled`]). The addresses of an
//! unnumbered interface do not enable it, and without it VPP does not answer. Seen on VPP 26.06.

use std::net::{IpAddr, Ipv6Addr};

use ipnet::{IpNet, Ipv6Net};
use vpp_bindings::client::Client;
use vpp_bindings::ip6_nd::Ip6ndProxyAddDel;

use super::infra::{AnyOf, key};
use super::{Error, InterfaceIndex, Result, interface, route};

/// The messages that this module needs, besides [`route::NEEDS`] and
/// [`interface::NEEDS_TABLE`].
pub const NEEDS: &[AnyOf] = &[&[key::<Ip6ndProxyAddDel>()]];

/// Adds an ND proxy for an address, and the route `address/128` over the interface.
///
/// VPP accepts one that exists.
///
/// # Errors
/// VPP refuses: the interface does not exist.
pub async fn add(client: &Client, sw_if_index: InterfaceIndex, address: Ipv6Addr) -> Result<()> {
    set(client, "add the ND proxy", true, sw_if_index, address).await
}

/// Deletes an ND proxy, its route and the neighbor. VPP ignores a missing one.
///
/// Delete the ND proxies of an interface before the interface: VPP keeps them, and they cannot be
/// deleted afterwards.
///
/// # Errors
/// VPP refuses: the interface does not exist.
pub async fn delete(client: &Client, sw_if_index: InterfaceIndex, address: Ipv6Addr) -> Result<()> {
    set(client, "delete the ND proxy", false, sw_if_index, address).await
}

/// Whether the interface's table has the route that [`add`] adds.
///
/// `ip6nd_proxy_dump` would list all of them, but every release from v22.10 to v26.06 sends
/// its details with the ID of another message (`ip6_nd_api.c`). A neighbor and
/// a manually added route look the same as an ND proxy.
///
/// # Errors
/// VPP refuses: the interface does not exist.
pub async fn is_present(
    client: &Client,
    sw_if_index: InterfaceIndex,
    address: Ipv6Addr,
) -> Result<bool> {
    let table_id = interface::table(client, sw_if_index, true).await?;
    let prefix = IpNet::V6(Ipv6Net::from(address));
    let path = route::Path {
        sw_if_index: Some(sw_if_index),
        next_hop: Some(IpAddr::V6(address)),
    };
    let found = route::lookup(client, table_id, prefix, true).await?;
    Ok(found.is_some_and(|route| route.paths.contains(&path)))
}

async fn set(
    client: &Client,
    operation: &'static str,
    is_add: bool,
    sw_if_index: InterfaceIndex,
    address: Ipv6Addr,
) -> Result<()> {
    let request = Ip6ndProxyAddDel {
        sw_if_index,
        is_add,
        ip: address.into(),
    };
    client
        .call(request)
        .await
        .map_err(Error::during(operation))?;
    Ok(())
}

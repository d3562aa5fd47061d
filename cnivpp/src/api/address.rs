//! IPv4 and IPv6 addresses of interfaces.

use ipnet::IpNet;
use vpp_bindings::client::Client;
use vpp_bindings::interface::SwInterfaceAddDelAddress;
use vpp_bindings::ip::{IpAddressDetails, IpAddressDump};

use super::infra::{AnyOf, key};
use super::{Error, InterfaceIndex, Result};

/// The messages that this module needs.
pub const NEEDS: &[AnyOf] = &[
    &[key::<SwInterfaceAddDelAddress>()],
    &[key::<IpAddressDump>()],
    &[key::<IpAddressDetails>()],
];

/// Adds an address to an interface. Its host bits are kept.
///
/// A link-local IPv6 address replaces the interface's own and enables IPv6.
///
/// # Errors
/// The prefix length is invalid, or VPP refuses: the address, or one that overlaps, is in use.
pub async fn add(client: &Client, sw_if_index: InterfaceIndex, address: IpNet) -> Result<()> {
    const OPERATION: &str = "add the address";
    check(OPERATION, address)?;
    let request = SwInterfaceAddDelAddress {
        sw_if_index,
        is_add: true,
        del_all: false,
        prefix: address.into(),
    };
    client
        .call(request)
        .await
        .map_err(Error::during(OPERATION))?;
    Ok(())
}

/// Removes an address from an interface.
///
/// # Errors
/// The address is link-local: VPP never removes one, and the request crashes it if IPv6 is
/// disabled. Or VPP refuses: the interface does not have the address.
pub async fn remove(client: &Client, sw_if_index: InterfaceIndex, address: IpNet) -> Result<()> {
    const OPERATION: &str = "remove the address";
    check(OPERATION, address)?;
    if is_link_local(address) {
        let why = format!("{address} is link-local: VPP removes it with its interface");
        return Err(Error::invalid(OPERATION, why));
    }
    let request = SwInterfaceAddDelAddress {
        sw_if_index,
        is_add: false,
        del_all: false,
        prefix: address.into(),
    };
    client
        .call(request)
        .await
        .map_err(Error::during(OPERATION))?;
    Ok(())
}

/// The addresses of an interface, IPv4 first; VPP does not show link-local ones.
///
/// # Errors
/// VPP does not answer, or reports an invalid prefix.
pub async fn dump(client: &Client, sw_if_index: InterfaceIndex) -> Result<Vec<IpNet>> {
    const OPERATION: &str = "list the addresses";
    let [ip4, ip6] = [false, true].map(|is_ipv6| {
        client.dump(IpAddressDump {
            sw_if_index,
            is_ipv6,
        })
    });
    let mut all = ip4.all().await.map_err(Error::during(OPERATION))?;
    all.extend(ip6.all().await.map_err(Error::during(OPERATION))?);
    let net = |prefix| {
        IpNet::try_from(prefix).map_err(|error| Error::invalid(OPERATION, format!("{error}")))
    };
    all.into_iter().map(|details| net(details.prefix)).collect()
}

/// Whether this is a link-local IPv6 address.
#[must_use]
pub fn is_link_local(address: IpNet) -> bool {
    match address {
        IpNet::V4(_) => false,
        IpNet::V6(net) => net.addr().is_unicast_link_local(),
    }
}

/// Checks that VPP can add the address to an interface.
///
/// # Errors
/// The prefix length is 0, or not 128 for a link-local address.
pub fn validate(address: IpNet) -> Result<()> {
    check("use the address", address)
}

fn check(operation: &'static str, address: IpNet) -> Result<()> {
    if address.prefix_len() == 0 {
        let why = format!("{address} has prefix length 0");
        return Err(Error::invalid(operation, why));
    }
    if is_link_local(address) && address.prefix_len() != 128 {
        let why = format!("{address} is link-local: VPP accepts only /128");
        return Err(Error::invalid(operation, why));
    }
    Ok(())
}

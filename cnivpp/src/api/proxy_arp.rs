//! Proxy ARP: VPP answers for ranges of addresses, on the interfaces where it is enabled.

use std::net::Ipv4Addr;

use vpp_bindings::arp::{
    ProxyArp, ProxyArpAddDel, ProxyArpDetails, ProxyArpDump, ProxyArpIntfcDetails,
    ProxyArpIntfcDump, ProxyArpIntfcEnableDisable,
};
use vpp_bindings::client::Client;

use super::infra::{AnyOf, key};
use super::{Error, InterfaceIndex, Result};

/// The messages that this module needs.
pub const NEEDS: &[AnyOf] = &[
    &[key::<ProxyArpAddDel>()],
    &[key::<ProxyArpDump>()],
    &[key::<ProxyArpDetails>()],
    &[key::<ProxyArpIntfcEnableDisable>()],
    &[key::<ProxyArpIntfcDump>()],
    &[key::<ProxyArpIntfcDetails>()],
];

/// A range of addresses that VPP answers for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Range {
    /// The table of the interfaces that it applies to.
    pub table_id: u32,
    /// The first address.
    pub low: Ipv4Addr,
    /// The last address.
    pub high: Ipv4Addr,
}

impl From<ProxyArpDetails> for Range {
    fn from(details: ProxyArpDetails) -> Self {
        Self {
            table_id: details.proxy.table_id,
            low: details.proxy.low.into(),
            high: details.proxy.hi.into(),
        }
    }
}

/// Adds a range. Adding one that exists has no effect; [`ranges`] shows whether it exists.
///
/// # Errors
/// `low` is above `high`, or VPP refuses: the table does not exist (`NO_SUCH_FIB`).
pub async fn add_range(
    client: &Client,
    table_id: u32,
    low: Ipv4Addr,
    high: Ipv4Addr,
) -> Result<()> {
    const OPERATION: &str = "add the proxy ARP range";
    if low > high {
        let why = format!("the first address {low} is above the last, {high}");
        return Err(Error::invalid(OPERATION, why));
    }
    set_range(client, OPERATION, true, (table_id, low, high)).await
}

/// Deletes a range.
///
/// # Errors
/// VPP refuses: the table (`NO_SUCH_FIB`) or the range (`NO_SUCH_ENTRY`) does not exist.
pub async fn delete_range(
    client: &Client,
    table_id: u32,
    low: Ipv4Addr,
    high: Ipv4Addr,
) -> Result<()> {
    const OPERATION: &str = "delete the proxy ARP range";
    set_range(client, OPERATION, false, (table_id, low, high)).await
}

async fn set_range(
    client: &Client,
    operation: &'static str,
    is_add: bool,
    (table_id, low, high): (u32, Ipv4Addr, Ipv4Addr),
) -> Result<()> {
    let proxy = ProxyArp {
        table_id,
        low: low.into(),
        hi: high.into(),
    };
    let done = client.call(ProxyArpAddDel { is_add, proxy }).await;
    done.map_err(Error::during(operation))?;
    Ok(())
}

/// All ranges, in the order in which they were added.
///
/// # Errors
/// VPP does not answer.
pub async fn ranges(client: &Client) -> Result<Vec<Range>> {
    let all = client.dump(ProxyArpDump {}).all().await;
    let all = all.map_err(Error::during("list the proxy ARP ranges"))?;
    Ok(all.into_iter().map(Range::from).collect())
}

/// Enables or disables proxy ARP on an interface. It succeeds if the interface already is in
/// that state.
///
/// VPP keeps the state of an index when it deletes the interface. A new interface with that
/// index does not answer, and enabling proxy ARP on it has no effect (`arp_proxy_enable` in
/// `arp_proxy.c`). So this function disables proxy ARP before it enables it. Disable it before
/// deleting an interface.
///
/// # Errors
/// VPP refuses: the interface does not exist.
pub async fn set_enabled(client: &Client, sw_if_index: InterfaceIndex, enable: bool) -> Result<()> {
    let operation = if enable {
        "enable proxy ARP"
    } else {
        "disable proxy ARP"
    };
    let request = |enable| ProxyArpIntfcEnableDisable {
        sw_if_index,
        enable,
    };
    let disabled = client.call(request(false)).await;
    disabled.map_err(Error::during(operation))?;
    if enable {
        let enabled = client.call(request(true)).await;
        enabled.map_err(Error::during(operation))?;
    }
    Ok(())
}

/// The interfaces on which proxy ARP is enabled, by ascending index. The list may have
/// indices of deleted interfaces, which new interfaces may have by now: see [`set_enabled`].
///
/// # Errors
/// VPP does not answer.
pub async fn enabled(client: &Client) -> Result<Vec<InterfaceIndex>> {
    let all = client.dump(ProxyArpIntfcDump {}).all().await;
    let all = all.map_err(Error::during("list the interfaces with proxy ARP"))?;
    let indices = all.into_iter().map(|it| InterfaceIndex(it.sw_if_index));
    Ok(indices.collect())
}

use vpp_bindings::client::Client;
use vpp_bindings::interface::{SwInterfaceGetTable, SwInterfaceSetTable, SwInterfaceSetUnnumbered};
use vpp_bindings::ip::IpUnnumberedDump;

use crate::api::{Error, InterfaceIndex, Result};

/// Puts an interface into a table. Each address family has its own table.
///
/// # Errors
/// VPP refuses: the table does not exist (`NO_SUCH_FIB`), or the interface has addresses of
/// that family (`ADDRESS_FOUND_FOR_INTERFACE`). The addresses of another interface that an
/// unnumbered interface uses count as well.
pub async fn set_table(
    client: &Client,
    sw_if_index: InterfaceIndex,
    is_ipv6: bool,
    table_id: u32,
) -> Result<()> {
    let request = SwInterfaceSetTable {
        sw_if_index,
        is_ipv6,
        vrf_id: table_id,
    };
    client
        .call(request)
        .await
        .map_err(Error::during("put the interface into the table"))?;
    Ok(())
}

/// The ID of the table that an interface is in; 0 unless it was set.
///
/// # Errors
/// VPP refuses: the interface does not exist.
pub async fn table(client: &Client, sw_if_index: InterfaceIndex, is_ipv6: bool) -> Result<u32> {
    let request = SwInterfaceGetTable {
        sw_if_index,
        is_ipv6,
    };
    let reply = client.call(request).await;
    let reply = reply.map_err(Error::during("look for the interface's table"))?;
    Ok(reply.vrf_id)
}

/// Makes an interface unnumbered: it uses the addresses of the interface `of`. `None` ends that.
///
/// The interface must not have its own addresses. VPP does not refuse them: it hides them and
/// keeps their routes until it exits. Do not add addresses to an unnumbered interface: the other
/// interface gets them. If the other interface is deleted, VPP keeps the reference to its index.
///
/// # Errors
/// VPP refuses: an interface does not exist (`INVALID_SW_IF_INDEX` this one,
/// `INVALID_SW_IF_INDEX_2` the other), or the tables of the two differ
/// (`UNEXPECTED_INTF_STATE`).
pub async fn set_unnumbered(
    client: &Client,
    sw_if_index: InterfaceIndex,
    of: Option<InterfaceIndex>,
) -> Result<()> {
    let operation = match of {
        Some(_) => "make the interface unnumbered",
        None => "make the interface numbered",
    };
    // VPP's names are swapped: `unnumbered_sw_if_index` is the interface without addresses.
    let request = SwInterfaceSetUnnumbered {
        sw_if_index: of.unwrap_or(InterfaceIndex(u32::MAX)),
        unnumbered_sw_if_index: sw_if_index,
        is_add: of.is_some(),
    };
    client
        .call(request)
        .await
        .map_err(Error::during(operation))?;
    Ok(())
}

/// The unnumbered interfaces, each with the interface whose addresses it uses: all of them, or
/// only `sw_if_index`.
///
/// # Errors
/// VPP does not answer.
pub async fn unnumbered(
    client: &Client,
    sw_if_index: Option<InterfaceIndex>,
) -> Result<Vec<(InterfaceIndex, InterfaceIndex)>> {
    let request = IpUnnumberedDump {
        sw_if_index: sw_if_index.unwrap_or(InterfaceIndex(u32::MAX)),
    };
    let all = client.dump(request).all().await;
    let all = all.map_err(Error::during("list the unnumbered interfaces"))?;
    let pairs = all.into_iter();
    Ok(pairs
        .map(|it| (it.sw_if_index, it.ip_sw_if_index))
        .collect())
}

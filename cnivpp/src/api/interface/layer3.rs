use vpp_bindings::client::Client;
use vpp_bindings::interface::{SwInterfaceGetTable, SwInterfaceSetTable, SwInterfaceSetUnnumbered};
use vpp_bindings::ip::IpUnnumberedDump;

use crate::api::{Error, InterfaceIndex, Result};

/// Puts an interface into a table. Each address family has a table of its own.
///
/// # Errors
/// VPP refuses: the table does not exist (`NO_SUCH_FIB`), or the interface has addresses of
/// that family (`ADDRESS_FOUND_FOR_INTERFACE`), where those that it borrows from another
/// interface count too.
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

/// The table that an interface is in; 0 unless it was set.
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

/// Lets an interface use the addresses of another one, `of`; `None` ends that.
///
/// The interface must not have addresses of its own: VPP does not refuse, shows them no more
/// and keeps their routes until it ends. Give it none while it borrows: the other interface
/// would get them. When the other interface is deleted, VPP keeps the reference to its index.
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
        Some(_) => "let the interface use the addresses of another",
        None => "end the interface's use of the addresses of another",
    };
    // VPP's names are the wrong way round: `unnumbered_sw_if_index` is the one that borrows.
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

/// The interfaces that use the addresses of another, each with that other one: all of them,
/// or only `sw_if_index`.
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

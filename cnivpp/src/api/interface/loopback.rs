use vpp_bindings::client::Client;
use vpp_bindings::interface::{CreateLoopback, DeleteLoopback};

use crate::api::mac::check_unicast;
use crate::api::{Error, InterfaceIndex, MacAddress, Result};

/// Creates a loopback and returns its index. It is down and has no tag.
///
/// VPP chooses a MAC address if `mac` is `None`.
///
/// # Errors
/// The MAC address is a multicast address, or VPP refuses.
pub async fn create_loopback(client: &Client, mac: Option<MacAddress>) -> Result<InterfaceIndex> {
    const OPERATION: &str = "create the loopback";
    check_unicast(OPERATION, mac)?;
    let request = CreateLoopback {
        mac_address: mac.unwrap_or_default(),
    };
    let reply = client.call(request).await;
    Ok(reply.map_err(Error::during(OPERATION))?.sw_if_index)
}

/// Deletes a loopback with its addresses.
///
/// # Errors
/// VPP refuses: no loopback has that index.
pub async fn delete_loopback(client: &Client, sw_if_index: InterfaceIndex) -> Result<()> {
    let deleted = client.call(DeleteLoopback { sw_if_index }).await;
    deleted.map_err(Error::during("delete the loopback"))?;
    Ok(())
}

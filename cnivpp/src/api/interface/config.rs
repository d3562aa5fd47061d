use vpp_bindings::client::Client;
use vpp_bindings::interface::{
    SwInterfaceSetFlags, SwInterfaceSetMtu, SwInterfaceSetRxMode, SwInterfaceTagAddDel,
};
use vpp_bindings::interface_types::{IfStatusFlags, RxMode as WireRxMode};
use vpp_bindings::ip::SwInterfaceIp6EnableDisable;
use vpp_bindings::wire::VppError;

use crate::api::text::fixed;
use crate::api::{Error, InterfaceIndex, Result};

/// How VPP detects received packets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RxMode {
    /// A worker polls the queues.
    Polling,
    /// The peer signals each batch.
    Interrupt,
    /// VPP switches between the two depending on the load.
    Adaptive,
}

impl From<RxMode> for WireRxMode {
    fn from(mode: RxMode) -> Self {
        match mode {
            RxMode::Polling => Self::POLLING,
            RxMode::Interrupt => Self::INTERRUPT,
            RxMode::Adaptive => Self::ADAPTIVE,
        }
    }
}

/// Sets an interface up or down.
///
/// # Errors
/// VPP refuses.
pub async fn set_admin_up(client: &Client, sw_if_index: InterfaceIndex, up: bool) -> Result<()> {
    let (flags, operation) = if up {
        (IfStatusFlags::ADMIN_UP, "set the interface up")
    } else {
        (IfStatusFlags(0), "set the interface down")
    };
    let request = SwInterfaceSetFlags { sw_if_index, flags };
    client
        .call(request)
        .await
        .map_err(Error::during(operation))?;
    Ok(())
}

/// Sets the tag of an interface, 1 to 63 bytes. It replaces an existing tag.
///
/// # Errors
/// The tag is empty or too long, or VPP refuses.
pub async fn set_tag(client: &Client, sw_if_index: InterfaceIndex, tag: &str) -> Result<()> {
    let operation = "tag the interface";
    if tag.is_empty() {
        return Err(Error::invalid(operation, "the tag is empty"));
    }
    let request = SwInterfaceTagAddDel {
        is_add: true,
        sw_if_index,
        tag: fixed(operation, "the tag", tag)?,
    };
    client
        .call(request)
        .await
        .map_err(Error::during(operation))?;
    Ok(())
}

/// Removes an interface's tag. Does nothing if it has none.
///
/// # Errors
/// VPP refuses.
pub async fn clear_tag(client: &Client, sw_if_index: InterfaceIndex) -> Result<()> {
    let request = SwInterfaceTagAddDel {
        is_add: false,
        sw_if_index,
        ..Default::default()
    };
    let operation = "remove the interface's tag";
    client
        .call(request)
        .await
        .map_err(Error::during(operation))?;
    Ok(())
}

/// Sets the largest layer 3 packet of an interface, in bytes, for all protocols.
///
/// 0 restores VPP's default. [`Interface::mtu`](super::Interface::mtu) shows it.
///
/// # Errors
/// VPP refuses.
pub async fn set_mtu(client: &Client, sw_if_index: InterfaceIndex, mtu: u32) -> Result<()> {
    let request = SwInterfaceSetMtu {
        sw_if_index,
        // Layer 3, IPv4, IPv6, MPLS; 0 selects the MTU of layer 3.
        mtu: [mtu, 0, 0, 0],
    };
    client
        .call(request)
        .await
        .map_err(Error::during("set the interface's MTU"))?;
    Ok(())
}

/// Sets how VPP reads all receive queues of an interface.
///
/// VPP does not report the mode.
///
/// # Errors
/// VPP refuses: the interface is a subinterface (`INVALID_VALUE`), or its driver does not
/// have the mode (`UNIMPLEMENTED`).
pub async fn set_rx_mode(client: &Client, sw_if_index: InterfaceIndex, mode: RxMode) -> Result<()> {
    let request = SwInterfaceSetRxMode {
        sw_if_index,
        queue_id_valid: false,
        queue_id: 0,
        mode: mode.into(),
    };
    client
        .call(request)
        .await
        .map_err(Error::during("set the interface's receive mode"))?;
    Ok(())
}

/// Enables or disables IPv6. Succeeds if the interface is already in that state.
///
/// IPv6 stays enabled while the interface has its own IPv6 address: VPP counts references.
///
/// # Errors
/// VPP refuses.
pub async fn set_ip6_enabled(
    client: &Client,
    sw_if_index: InterfaceIndex,
    enable: bool,
) -> Result<()> {
    let (operation, already) = if enable {
        ("enable IPv6", VppError::VALUE_EXIST)
    } else {
        ("disable IPv6", VppError::IP6_NOT_ENABLED)
    };
    let request = SwInterfaceIp6EnableDisable {
        sw_if_index,
        enable,
    };
    match client.call(request).await {
        Ok(_) => Ok(()),
        Err(error) if error.vpp_error() == Some(already) => Ok(()),
        Err(error) => Err(Error::during(operation)(error)),
    }
}

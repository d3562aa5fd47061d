//! The list of interfaces, up and down, tags.

use vpp_bindings::client::Client;
use vpp_bindings::interface::{
    SwInterfaceDetails, SwInterfaceDump, SwInterfaceSetFlags, SwInterfaceTagAddDel,
};
use vpp_bindings::interface_types::IfStatusFlags;

use super::infra::{AnyOf, key};
use super::text::fixed;
use super::{Error, InterfaceIndex, MacAddress, Result};

/// What VPP must have for this module.
pub const NEEDS: &[AnyOf] = &[
    &[key::<SwInterfaceDump>()],
    &[key::<SwInterfaceDetails>()],
    &[key::<SwInterfaceSetFlags>()],
    &[key::<SwInterfaceTagAddDel>()],
];

/// One interface, as VPP shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Interface {
    /// VPP's number for it.
    pub sw_if_index: InterfaceIndex,
    /// Its name, such as `memif1/0`.
    pub name: String,
    /// What it is: `memif`, `vhost-user`, `local`, …
    pub device: String,
    /// Its MAC address; all zero where it has none.
    pub mac: MacAddress,
    /// Whether it was set up.
    pub admin_up: bool,
    /// Whether the other end is there.
    pub link_up: bool,
    /// The largest packet of layer 3.
    pub mtu: u32,
    /// The text that its owner put on it.
    pub tag: String,
}

impl From<SwInterfaceDetails> for Interface {
    fn from(details: SwInterfaceDetails) -> Self {
        let has = |flag: IfStatusFlags| details.flags.0 & flag.0 != 0;
        let [mtu, ..] = details.mtu;
        Self {
            sw_if_index: details.sw_if_index,
            name: details.interface_name.to_string_lossy().into_owned(),
            device: details.interface_dev_type.to_string_lossy().into_owned(),
            mac: details.l2_address,
            admin_up: has(IfStatusFlags::ADMIN_UP),
            link_up: has(IfStatusFlags::LINK_UP),
            mtu,
            tag: details.tag.to_string_lossy().into_owned(),
        }
    }
}

/// All interfaces, by ascending index.
///
/// # Errors
/// When VPP does not answer.
pub async fn dump(client: &Client) -> Result<Vec<Interface>> {
    let all = client.dump(SwInterfaceDump::default()).all().await;
    let all = all.map_err(Error::during("list the interfaces"))?;
    Ok(all.into_iter().map(Interface::from).collect())
}

/// The interface of that index, if there is one.
///
/// # Errors
/// When VPP does not answer.
pub async fn find(client: &Client, sw_if_index: InterfaceIndex) -> Result<Option<Interface>> {
    let request = SwInterfaceDump {
        sw_if_index,
        ..Default::default()
    };
    let found = client.dump(request).all().await;
    let found = found.map_err(Error::during("look for an interface"))?;
    // Index 0 asks for all of them.
    let mut found = found.into_iter().map(Interface::from);
    Ok(found.find(|it| it.sw_if_index == sw_if_index))
}

/// Sets an interface up or down.
///
/// # Errors
/// When VPP refuses.
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

/// Puts a tag on an interface, in the place of the one that it has; 1 to 63 bytes.
///
/// # Errors
/// When the tag is empty or too long, and when VPP refuses.
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

/// Takes an interface's tag away; one without a tag is left as it is.
///
/// # Errors
/// When VPP refuses.
pub async fn clear_tag(client: &Client, sw_if_index: InterfaceIndex) -> Result<()> {
    let request = SwInterfaceTagAddDel {
        is_add: false,
        sw_if_index,
        ..Default::default()
    };
    let operation = "take the interface's tag away";
    client
        .call(request)
        .await
        .map_err(Error::during(operation))?;
    Ok(())
}

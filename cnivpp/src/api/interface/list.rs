use vpp_bindings::client::Client;
use vpp_bindings::interface::{SwInterfaceDetails, SwInterfaceDump};
use vpp_bindings::interface_types::IfStatusFlags;

use crate::api::{Error, InterfaceIndex, MacAddress, Result};

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
    /// Whether the peer is connected.
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

/// The interfaces whose name contains `filter`, in any case, by ascending index.
///
/// VPP compares, so that the answer does not grow with the number of interfaces. `memif1/0`
/// also finds `memif11/0` and `memif1/01`: compare the names of the result.
///
/// # Errors
/// The filter is empty, or VPP does not answer.
pub async fn dump_named(client: &Client, filter: &str) -> Result<Vec<Interface>> {
    const OPERATION: &str = "list the interfaces by name";
    if filter.is_empty() {
        return Err(Error::invalid(OPERATION, "the name is empty"));
    }
    let request = SwInterfaceDump {
        name_filter_valid: true,
        name_filter: filter.into(),
        ..Default::default()
    };
    let all = client.dump(request).all().await;
    let all = all.map_err(Error::during(OPERATION))?;
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

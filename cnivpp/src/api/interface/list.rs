use vpp_bindings::client::Client;
use vpp_bindings::interface::{SwInterfaceDetails, SwInterfaceDump};
use vpp_bindings::interface_types::IfStatusFlags;

use crate::api::{Error, InterfaceIndex, MacAddress, Result};

/// One interface, as VPP shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Interface {
    /// Its index.
    pub sw_if_index: InterfaceIndex,
    /// Its name, such as `memif1/0`.
    pub name: String,
    /// Its device type, such as `memif`, `vhost-user` or `local`.
    pub device: String,
    /// Its MAC address; all zero if it has none.
    pub mac: MacAddress,
    /// Whether it is set up.
    pub admin_up: bool,
    /// Whether the peer is connected.
    pub link_up: bool,
    /// The MTU of layer 3.
    pub mtu: u32,
    /// The tag that its owner set.
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
/// VPP does not answer.
pub async fn dump(client: &Client) -> Result<Vec<Interface>> {
    let all = client.dump(SwInterfaceDump::default()).all().await;
    let all = all.map_err(Error::during("list the interfaces"))?;
    Ok(all.into_iter().map(Interface::from).collect())
}

/// The interfaces whose name contains `filter`, in any case, by ascending index.
///
/// VPP filters, so the reply does not grow with the number of interfaces. `memif1/0` also matches
/// `memif11/0` and `memif1/01`: compare the names of the result.
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

/// The interface with that index, if it exists.
///
/// # Errors
/// VPP does not answer.
pub async fn find(client: &Client, sw_if_index: InterfaceIndex) -> Result<Option<Interface>> {
    let request = SwInterfaceDump {
        sw_if_index,
        ..Default::default()
    };
    let found = client.dump(request).all().await;
    let found = found.map_err(Error::during("look for an interface"))?;
    // VPP lists all interfaces for index 0.
    let mut found = found.into_iter().map(Interface::from);
    Ok(found.find(|it| it.sw_if_index == sw_if_index))
}

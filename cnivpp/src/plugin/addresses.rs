use std::net::IpAddr;

use ipnet::IpNet;

use crate::attachment::{Layer3, Network, Want};
use crate::cni::{CniResult, Error, Result};

/// Puts the addresses that IPAM allocated into the desired state.
///
/// Only layer 3 needs them on the node; a bridged pod's addresses are the pod's own affair.
pub(super) fn complete(want: &mut Want, allocated: &CniResult) -> Result<()> {
    let Network::Layer3(layer3) = &mut want.network else {
        return Ok(());
    };
    layer3.addresses.clear();
    layer3.gateways.clear();
    for ip in &allocated.ips {
        let gateway = ip.gateway.ok_or_else(|| {
            let why = format!(
                "IPAM returned no gateway for {}, and netType interface needs one",
                ip.address
            );
            Error::config(why).with_details("set a gateway in the ipam section")
        })?;
        let address = ip.address.addr();
        let gateway = gateway_net(ip.address, gateway);
        let gateway = gateway.ok_or_else(|| {
            let why = format!("the gateway of {} is not in its subnet", ip.address);
            Error::config(why)
        })?;
        if gateway.addr() == address {
            let why = format!(
                "IPAM gave the gateway's address {} to the pod",
                gateway.addr()
            );
            return Err(Error::config(why));
        }
        layer3.addresses.push(address);
        push_once(layer3, gateway);
    }
    Ok(())
}

/// The gateway with the length of its prefix; `None` if a pod with this address cannot reach it.
fn gateway_net(address: IpNet, gateway: IpAddr) -> Option<IpNet> {
    let (length, longest) = (address.prefix_len(), address.max_prefix_len());
    // The gateway of a single address is outside it: pods reach it over their interface.
    let is_outside = length == longest && gateway.is_ipv4() == address.addr().is_ipv4();
    if !is_outside && !address.contains(&gateway) {
        return None;
    }
    // VPP takes the other address of a /31 for a neighbor on the gateway's own interface.
    let length = if length + 1 == longest {
        longest
    } else {
        length
    };
    IpNet::new(gateway, length).ok()
}

fn push_once(layer3: &mut Layer3, gateway: IpNet) {
    if !layer3.gateways.contains(&gateway) {
        layer3.gateways.push(gateway);
    }
}

//! IPAM: the settings in a record, the allocated addresses, and their release.

use std::net::IpAddr;
use std::time::Instant;

use ipnet::IpNet;

use crate::attachment::{Ipam, Layer3, Network, Record, Want};
use crate::cni::env::{ARGS, CONTAINER_ID, IF_NAME, NETNS, PATH};
use crate::cni::{Call, CniResult, Conf, Delegate, Environment, Error, Result};

/// Returns the IPAM settings of a call, for the record.
pub(super) fn settings(call: &Call) -> Option<Ipam> {
    let text = |name| {
        let value = call.environment.get(name).unwrap_or_default();
        value.to_string_lossy().into_owned()
    };
    Some(Ipam {
        plugin: call.conf.ipam.clone()?,
        config: String::from_utf8_lossy(&call.conf.raw).into_owned(),
        args: text(ARGS),
        path: text(PATH),
    })
}

/// Releases the addresses of an attachment with the IPAM settings of its record.
pub(super) async fn release(record: &Record, ipam: &Ipam, deadline: Instant) -> Result<()> {
    delegate(record, ipam, deadline)?.del().await
}

fn delegate(record: &Record, ipam: &Ipam, deadline: Instant) -> Result<Delegate> {
    let conf = Conf::parse(ipam.config.clone().into_bytes())?;
    let netns = record.netns.clone().unwrap_or_default();
    let environment = Environment::of_process()
        .with(CONTAINER_ID, &record.id.container_id)
        .with(IF_NAME, &record.id.if_name)
        .with(NETNS, netns)
        .with(PATH, &ipam.path)
        .with(ARGS, &ipam.args);
    let (plugin, raw) = (ipam.plugin.clone(), conf.raw.clone());
    Ok(Delegate::new(
        plugin,
        raw,
        conf.version,
        environment,
        deadline,
    ))
}

/// Returns the addresses that VPP routes to the pod.
pub(super) fn routed_addresses(want: &Want) -> &[IpAddr] {
    match &want.network {
        Network::Layer3(layer3) => &layer3.addresses,
        _ => &[],
    }
}

/// Adds the allocated addresses to the desired state of a routed attachment. A bridged one does not
/// need them on the node.
pub(super) fn add_addresses(want: &mut Want, allocated: &CniResult) -> Result<()> {
    let Network::Layer3(layer3) = &mut want.network else {
        return Ok(());
    };
    layer3.addresses.clear();
    layer3.gateways.clear();
    for ip in &allocated.ips {
        let gateway = ip.gateway.ok_or_else(|| {
            let why = format!(
                "IPAM returned no gateway for {}, but netType interface needs one",
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
                "IPAM allocated the gateway's address {} to the pod",
                gateway.addr()
            );
            return Err(Error::config(why));
        }
        layer3.addresses.push(address);
        push_once(layer3, gateway);
    }
    Ok(())
}

/// Returns the gateway with its prefix length; `None` if a pod with this address cannot reach it.
fn gateway_net(address: IpNet, gateway: IpAddr) -> Option<IpNet> {
    let (length, longest) = (address.prefix_len(), address.max_prefix_len());
    // With a single address, the gateway is outside the prefix. Pods reach it over their interface.
    let is_outside = length == longest && gateway.is_ipv4() == address.addr().is_ipv4();
    if !is_outside && !address.contains(&gateway) {
        return None;
    }
    // VPP treats the other address of a /31 as a neighbor on the gateway's interface.
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

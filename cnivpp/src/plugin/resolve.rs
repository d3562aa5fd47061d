//! Derives the desired state from the configuration.

use std::path::Path;

use super::socket::{self, SocketSettings};
use crate::api::MacAddress;
use crate::attachment::{Id, Layer3, MemifConfig, Network, Want, WantInterface, WantVhostUser};
use crate::cni::{Error, Requested, Result};
use crate::kubernetes::SharedDir;
use crate::netconf::{self, MemifMode, MemifRole, NetConf, SocketType, VhostMode};

/// Derives the desired state of an attachment, without the addresses from IPAM. The socket file is
/// in the pod's `shared_dir`, if it has one.
///
/// # Errors
/// Code 7 when a path that follows from the configuration is invalid, or a group is unknown.
pub(super) fn want(
    conf: &NetConf,
    network: &str,
    id: &Id,
    netns: &Path,
    requested: &Requested,
    shared_dir: Option<&SharedDir>,
) -> Result<Want> {
    let (host, container) = (&conf.host, &conf.container);
    let (interface, settings) = interface(host);
    let socket = socket::resolve(conf, id, netns, &settings, shared_dir)?;
    let is_ip = matches!(&interface, WantInterface::Memif(it) if it.is_ip);
    let mac = |end: &str, chosen: Option<MacAddress>| {
        (!is_ip).then(|| chosen.unwrap_or_else(|| id.mac(end)))
    };
    let requested = requested.mac.map(|it| MacAddress(it.0));
    if is_ip && requested.is_some() {
        return Err(Error::config(
            "a MAC address was requested, but a memif in mode ip has none",
        ));
    }
    let configured = |side: &netconf::Side| side.mac.map(|it| MacAddress(it.0));
    Ok(Want {
        interface,
        socket,
        mac: mac("host", configured(host)),
        pod_mac: mac("pod", requested.or(configured(container))),
        mtu: host.mtu.map(u32::from),
        rx_mode: host.rx_mode,
        network: match host.network {
            netconf::Network::None => Network::None,
            netconf::Network::Bridge { id } => Network::Bridge { id },
            netconf::Network::Interface { table } => Network::Layer3(Layer3 {
                table,
                name: network.to_owned(),
                addresses: Vec::new(),
                gateways: Vec::new(),
            }),
        },
    })
}

fn interface(host: &netconf::Side) -> (WantInterface, SocketSettings) {
    match &host.interface {
        netconf::Interface::Memif(it) => {
            let is_master = it.role == MemifRole::Master;
            let memif = MemifConfig {
                is_master,
                is_ip: it.mode == MemifMode::Ip,
                id: it.id,
                ring_size: Some(it.ring_size),
                buffer_size: Some(it.buffer_size),
                rx_queues: Some(it.rx_queues),
                tx_queues: Some(it.tx_queues),
                secret: it
                    .secret
                    .as_ref()
                    .map_or_else(String::new, |it| it.expose().to_owned()),
            };
            let settings = SocketSettings {
                listens: is_master,
                is_abstract: it.socket_type == SocketType::Abstract,
                file: it.socket_file.as_ref().map(|it| it.as_str().to_owned()),
                group: it.group.clone(),
                mode: it.socket_mode,
                prefix: "memif-",
                suffix: ".sock",
            };
            (WantInterface::Memif(memif), settings)
        }
        netconf::Interface::Vhost(it) => {
            let is_server = it.mode == VhostMode::Server;
            let vhost = WantVhostUser {
                is_server,
                gso: it.gso,
                packed: it.packed,
            };
            let settings = SocketSettings {
                listens: is_server,
                is_abstract: false,
                file: it.socket_file.as_ref().map(|it| it.as_str().to_owned()),
                group: it.group.clone(),
                mode: it.socket_mode,
                prefix: "",
                suffix: "",
            };
            (WantInterface::VhostUser(vhost), settings)
        }
    }
}

//! Derives the pod's end of the interface from the desired state on the node.

use crate::attachment::{MemifConfig, Record, Want, WantInterface};
use crate::cni::CniResult;
use crate::handover;
use crate::netconf::{self, NetConf};

/// Derives the pod's end of the interface.
pub(super) fn pod_end(record: &Record, conf: &NetConf, result: &CniResult) -> handover::Attachment {
    let want = &record.want;
    let container = &conf.container;
    let own = |interface: Option<usize>| {
        let at = interface.and_then(|it| result.interfaces.get(it));
        at.is_some_and(|it| it.name == record.id.if_name && it.sandbox == record.netns)
    };
    let ips = result.ips.iter().filter(|it| own(it.interface));
    handover::Attachment {
        container_id: record.id.container_id.clone(),
        if_name: record.id.if_name.clone(),
        network: record.network.clone(),
        interface: pod_interface(want, container),
        socket: want.socket.pod.clone(),
        mac: want.pod_mac,
        mtu: container.mtu.map(u32::from),
        rx_mode: container.rx_mode,
        bridge: match container.network {
            netconf::Network::Bridge { id } => Some(id),
            _ => None,
        },
        addresses: ips
            .map(|it| handover::Address {
                address: it.address,
                gateway: it.gateway,
            })
            .collect(),
        routes: result
            .routes
            .iter()
            .map(|it| handover::Route {
                dst: it.dst,
                gw: it.gw,
            })
            .collect(),
    }
}

fn pod_interface(want: &Want, container: &netconf::Side) -> handover::Interface {
    match (&want.interface, &container.interface) {
        (WantInterface::Memif(host), netconf::Interface::Memif(it)) => {
            handover::Interface::Memif(MemifConfig {
                is_master: it.role == netconf::MemifRole::Master,
                ring_size: Some(it.ring_size),
                buffer_size: Some(it.buffer_size),
                rx_queues: Some(it.rx_queues),
                tx_queues: Some(it.tx_queues),
                ..host.clone()
            })
        }
        // `netconf` rejects ends of different kinds. Only the role is known here.
        (WantInterface::Memif(host), netconf::Interface::Vhost(_)) => {
            handover::Interface::Memif(MemifConfig {
                is_master: !host.is_master,
                id: host.id,
                ..MemifConfig::default()
            })
        }
        (WantInterface::VhostUser(host), _) => {
            let mode = if host.is_server {
                handover::VhostMode::Client
            } else {
                handover::VhostMode::Server
            };
            handover::Interface::VhostUser(handover::VhostUser { mode })
        }
    }
}

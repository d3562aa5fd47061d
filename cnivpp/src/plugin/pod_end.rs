//! From the desired state on the node to the pod's end of the interface.

use crate::attachment::{Record, Want, WantInterface};
use crate::cni::CniResult;
use crate::handover;
use crate::netconf::{self, NetConf};

/// The pod's end of the interface.
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
        rx_mode: container.rx_mode.map(|it| match it {
            netconf::RxMode::Polling => handover::RxMode::Polling,
            netconf::RxMode::Interrupt => handover::RxMode::Interrupt,
            netconf::RxMode::Adaptive => handover::RxMode::Adaptive,
        }),
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
    match (&want.interface, &container.link) {
        (WantInterface::Memif(host), netconf::Link::Memif(it)) => {
            handover::Interface::Memif(handover::Memif {
                role: match it.role {
                    netconf::MemifRole::Master => handover::Role::Master,
                    netconf::MemifRole::Slave => handover::Role::Slave,
                },
                mode: if host.is_ip {
                    handover::Mode::Ip
                } else {
                    handover::Mode::Ethernet
                },
                id: host.id,
                ring_size: Some(it.ring_size),
                buffer_size: Some(it.buffer_size),
                rx_queues: Some(it.rx_queues),
                tx_queues: Some(it.tx_queues),
                secret: host.secret.clone(),
            })
        }
        (WantInterface::Memif(host), netconf::Link::Vhost(_)) => {
            // Refused when the configuration was read; the roles alone are known here.
            handover::Interface::Memif(handover::Memif {
                role: if host.is_master {
                    handover::Role::Slave
                } else {
                    handover::Role::Master
                },
                id: host.id,
                ..handover::Memif::default()
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

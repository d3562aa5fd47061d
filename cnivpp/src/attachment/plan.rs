use crate::api::vhostuser;
use crate::attachment::id::{hash, mac_of};
use crate::attachment::{Layer3, MemifConfig, Network, Want, WantInterface};
use crate::engine::{Step, steps};

/// The tag of bridge domains that attachments create. Other bridge domains are never removed.
const BRIDGE_TAG: &str = "cni:bridge";

/// The steps of an attachment, in order. Every verb walks this list.
///
/// Shared objects come first, so that they are undone last. By then this attachment's interface is
/// deleted, and VPP shows whether other attachments use them.
#[must_use]
pub fn plan(want: &Want) -> Vec<Step> {
    let mut plan = shared_steps(want);
    plan.extend(interface_steps(want));
    plan.push(Step::Tag(steps::Tag));
    if let (Some(location), Some(access)) = (&want.socket.host, want.socket.access) {
        plan.push(Step::SocketAccess(steps::SocketAccess {
            location: location.clone(),
            gid: access.gid,
            mode: access.mode,
        }));
    }
    plan.extend(want.mtu.map(|mtu| Step::Mtu(steps::Mtu { mtu })));
    let rx_mode = want.rx_mode;
    plan.extend(rx_mode.map(|mode| Step::RxMode(steps::RxMode { mode })));
    match &want.network {
        Network::None => {}
        Network::Bridge { .. } => plan.push(Step::Member(steps::Member)),
        Network::Layer3(layer3) => plan.extend(pod_steps(want, layer3)),
    }
    plan.push(Step::AdminUp(steps::AdminUp));
    plan
}

/// The steps for objects that belong to the network rather than to the attachment.
fn shared_steps(want: &Want) -> Vec<Step> {
    match &want.network {
        Network::None => Vec::new(),
        Network::Bridge { id } => vec![Step::Bridge(steps::Bridge {
            id: Some(*id),
            tag: BRIDGE_TAG.to_owned(),
            is_shared: true,
        })],
        Network::Layer3(layer3) if layer3.addresses.is_empty() => Vec::new(),
        Network::Layer3(layer3) => gateway_steps(layer3),
    }
}

fn gateway_steps(layer3: &Layer3) -> Vec<Step> {
    let hash = hash(&[&layer3.name, &layer3.table.to_string()]);
    let [a, b, c, d, e, f, ..] = hash;
    let key = format!("{a:02x}{b:02x}{c:02x}{d:02x}{e:02x}{f:02x}");
    let name: String = layer3.name.chars().take(40).collect();
    let mut plan = Vec::new();
    if layer3.table != 0 {
        plan.push(Step::Table(steps::Table {
            id: layer3.table,
            name: format!("cni:{}", layer3.table),
        }));
    }
    plan.push(Step::Gateway(steps::Gateway {
        tag: format!("{}{key}:{name}", steps::GATEWAY_TAG),
        mac: mac_of(&hash),
        table: layer3.table,
        addresses: layer3.gateways.clone(),
    }));
    plan
}

fn interface_steps(want: &Want) -> Vec<Step> {
    match &want.interface {
        WantInterface::Memif(memif) => memif_steps(want, memif).into(),
        WantInterface::VhostUser(vhost) => vec![Step::VhostUser(steps::VhostUser {
            create: vhostuser::Create {
                filename: want.socket.vpp.clone(),
                is_server: vhost.is_server,
                mac: want.mac,
                gso: vhost.gso,
                packed: vhost.packed,
                ..Default::default()
            },
            location: want.socket.host.clone(),
        })],
    }
}

fn memif_steps(want: &Want, memif: &MemifConfig) -> [Step; 2] {
    let socket = steps::MemifSocket {
        location: want.socket.host.clone(),
        is_own_name: want.socket.is_own_name,
        ..steps::MemifSocket::new(&want.socket.vpp, memif.role())
    };
    let create = memif.to_create(want.mac);
    [
        Step::MemifSocket(socket),
        Step::Memif(steps::Memif::new(&want.socket.vpp, create)),
    ]
}

fn pod_steps(want: &Want, layer3: &Layer3) -> Vec<Step> {
    if layer3.addresses.is_empty() {
        return Vec::new();
    }
    let is_ethernet = want.mac.is_some();
    let table = layer3.table;
    let has_ipv6 = layer3.addresses.iter().any(|it| it.is_ipv6());
    let mut plan = vec![Step::Unnumbered(steps::Unnumbered { table, has_ipv6 })];
    if is_ethernet && layer3.addresses.iter().any(|it| it.is_ipv4()) {
        plan.push(Step::ProxyArp(steps::ProxyArp));
    }
    let addresses = layer3.addresses.iter().copied();
    plan.extend(addresses.map(|address| {
        Step::PodRoute(steps::PodRoute {
            address,
            table,
            is_ethernet,
        })
    }));
    plan
}

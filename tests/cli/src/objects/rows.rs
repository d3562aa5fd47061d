use cnivpp::api::bridge::Bridge;
use cnivpp::api::interface::Interface;
use cnivpp::api::memif::{Memif, Socket};
use cnivpp::api::vhostuser::VhostUser;
use ipnet::IpNet;
use serde::Serialize;
use vpp_bindings::memif::{MemifMode, MemifRole};

/// One interface.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[expect(missing_docs, reason = "the names are sufficient")]
pub struct InterfaceRow {
    pub sw_if_index: u32,
    pub name: String,
    pub device: String,
    pub admin_up: bool,
    pub link_up: bool,
    pub mac: String,
    pub mtu: u32,
    pub tag: String,
}

/// One memif socket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[expect(missing_docs, reason = "the names are sufficient")]
pub struct SocketRow {
    pub id: u32,
    pub filename: String,
}

/// One memif.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[expect(missing_docs, reason = "the names are sufficient")]
pub struct MemifRow {
    pub sw_if_index: u32,
    pub name: String,
    pub socket_id: u32,
    pub id: u32,
    pub role: String,
    pub mode: String,
    pub ring_size: u32,
    pub buffer_size: u16,
    pub link_up: bool,
}

/// One vhost-user interface.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[expect(missing_docs, reason = "the names are sufficient")]
pub struct VhostRow {
    pub sw_if_index: u32,
    pub name: String,
    pub role: String,
    pub filename: String,
    pub regions: u32,
    pub socket_error: i32,
}

/// One bridge domain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[expect(missing_docs, reason = "the names are sufficient")]
pub struct BridgeRow {
    pub id: u32,
    pub tag: String,
    pub learn: bool,
    pub forward: bool,
    pub flood: bool,
    pub members: Vec<String>,
}

/// One address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[expect(missing_docs, reason = "the names are sufficient")]
pub struct AddressRow {
    pub sw_if_index: u32,
    pub interface: String,
    pub address: String,
}

impl From<Interface> for InterfaceRow {
    fn from(it: Interface) -> Self {
        Self {
            sw_if_index: it.sw_if_index.0,
            name: it.name,
            device: it.device,
            admin_up: it.admin_up,
            link_up: it.link_up,
            mac: it.mac.to_string(),
            mtu: it.mtu,
            tag: it.tag,
        }
    }
}

impl From<Socket> for SocketRow {
    fn from(it: Socket) -> Self {
        let Socket { id, filename, .. } = it;
        Self { id, filename }
    }
}

impl From<Memif> for MemifRow {
    fn from(it: Memif) -> Self {
        let role = match it.role {
            MemifRole::MASTER => "master".to_owned(),
            MemifRole::SLAVE => "slave".to_owned(),
            other => other.to_string(),
        };
        let mode = match it.mode {
            MemifMode::ETHERNET => "ethernet".to_owned(),
            MemifMode::IP => "ip".to_owned(),
            other => other.to_string(),
        };
        Self {
            sw_if_index: it.sw_if_index.0,
            name: it.name,
            socket_id: it.socket_id,
            id: it.id,
            role,
            mode,
            ring_size: it.ring_size,
            buffer_size: it.buffer_size,
            link_up: it.link_up,
        }
    }
}

impl From<VhostUser> for VhostRow {
    fn from(it: VhostUser) -> Self {
        Self {
            sw_if_index: it.sw_if_index.0,
            name: it.name,
            role: if it.is_server { "server" } else { "client" }.to_owned(),
            filename: it.filename,
            regions: it.regions,
            socket_error: it.socket_error,
        }
    }
}

impl BridgeRow {
    pub(super) fn new(it: Bridge, interfaces: &[Interface]) -> Self {
        let name = |index: &cnivpp::api::InterfaceIndex| {
            let found = interfaces.iter().find(|it| it.sw_if_index == *index);
            found.map_or_else(|| format!("interface {}", index.0), |it| it.name.clone())
        };
        Self {
            members: it.members.iter().map(name).collect(),
            id: it.id,
            tag: it.tag,
            learn: it.learn,
            forward: it.forward,
            flood: it.flood,
        }
    }
}

impl AddressRow {
    pub(super) fn new(interface: &Interface, address: IpNet) -> Self {
        Self {
            sw_if_index: interface.sw_if_index.0,
            interface: interface.name.clone(),
            address: address.to_string(),
        }
    }
}

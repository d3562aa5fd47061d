use std::net::IpAddr;

use ipnet::IpNet;
use serde::{Deserialize, Serialize};

use crate::api::MacAddress;
pub use crate::api::interface::RxMode;
use crate::attachment::MemifConfig;

/// The container's end of one interface.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    /// The container ID, as given to ADD.
    pub container_id: String,
    /// The name of the interface.
    pub if_name: String,
    /// The name of the network.
    pub network: String,
    /// The interface.
    pub interface: Interface,
    /// The socket as the container sees it: a path, or `abstract:…`.
    pub socket: String,
    /// The MAC address of the container's end; the container's VPP chooses one unless set.
    pub mac: Option<MacAddress>,
    /// The MTU in bytes; the default of the container's VPP unless set.
    pub mtu: Option<u32>,
    /// How the container's VPP takes packets from the queues; its default unless set.
    pub rx_mode: Option<RxMode>,
    /// The bridge domain of the container's VPP that the interface joins, if any.
    pub bridge: Option<u32>,
    /// The addresses of the interface.
    pub addresses: Vec<Address>,
    /// The routes.
    pub routes: Vec<Route>,
}

/// The kind of an interface, and its parameters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Interface {
    /// A memif.
    Memif(MemifConfig),
    /// A vhost-user interface.
    VhostUser(VhostUser),
}

/// The container's end of a vhost-user interface.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VhostUser {
    /// Whether the container connects or listens.
    pub mode: VhostMode,
}

/// The role of one end of a vhost-user interface.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum VhostMode {
    /// It connects to the socket.
    Client,
    /// It listens on the socket.
    Server,
}

/// An address of an interface.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Address {
    /// The address with the prefix length of its subnet.
    pub address: IpNet,
    /// The gateway of the subnet, if IPAM returned one.
    pub gateway: Option<IpAddr>,
}

/// A route of the container.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Route {
    /// The destination.
    pub dst: IpNet,
    /// The next hop. Default: the gateway of an address of the same family.
    pub gw: Option<IpAddr>,
}

use std::fmt;
use std::net::IpAddr;

use ipnet::IpNet;
use serde::{Deserialize, Serialize};

use crate::api::MacAddress;

/// What the container must have: its end of one interface.
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
    Memif(Memif),
    /// A vhost-user interface.
    VhostUser(VhostUser),
}

/// The container's end of a memif.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Memif {
    /// Which end the container is.
    pub role: Role,
    /// What it carries.
    pub mode: Mode,
    /// Its number on the socket.
    pub id: u32,
    /// The size of the rings, a power of two; VPP's default (1024) unless set.
    pub ring_size: Option<u32>,
    /// The size of the buffers in bytes; VPP's default (2048) unless set.
    pub buffer_size: Option<u16>,
    /// The receive queues; 1 unless set.
    pub rx_queues: Option<u8>,
    /// The transmit queues; 1 unless set.
    pub tx_queues: Option<u8>,
    /// What the other end must know; empty for none.
    pub secret: String,
}

/// Without the secret, which must not reach a log.
impl fmt::Debug for Memif {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Memif")
            .field("role", &self.role)
            .field("mode", &self.mode)
            .field("id", &self.id)
            .field("ring_size", &self.ring_size)
            .field("buffer_size", &self.buffer_size)
            .field("rx_queues", &self.rx_queues)
            .field("tx_queues", &self.tx_queues)
            .field("has_secret", &!self.secret.is_empty())
            .finish()
    }
}

/// Which end of a memif.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// It listens on the socket.
    Master,
    /// It connects to the socket.
    #[default]
    Slave,
}

/// What a memif carries.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// Ethernet frames.
    #[default]
    Ethernet,
    /// IP packets.
    Ip,
}

/// The container's end of a vhost-user interface.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VhostUser {
    /// Which end the container is.
    pub mode: VhostMode,
}

/// Which end of a vhost-user interface.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum VhostMode {
    /// It connects to the socket.
    Client,
    /// It listens on the socket.
    Server,
}

/// How VPP takes packets from the queues of an interface.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RxMode {
    /// It looks all the time.
    Polling,
    /// It waits for interrupts.
    Interrupt,
    /// It changes between both with the load.
    Adaptive,
}

/// An address of an interface.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Address {
    /// The address with the prefix length of its subnet.
    pub address: IpNet,
    /// The gateway of the subnet, if IPAM has named one.
    pub gateway: Option<IpAddr>,
}

/// A route of the container.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Route {
    /// The destination.
    pub dst: IpNet,
    /// The next hop; the gateway of an address of the same family unless set.
    pub gw: Option<IpAddr>,
}

use std::net::IpAddr;
use std::path::{Path, PathBuf};

use ipnet::IpNet;
use serde::{Deserialize, Serialize};

use crate::api::infra::AnyOf;
use crate::api::{self, MacAddress, interface, memif};
use crate::engine::FileLocation;

/// The desired state of an attachment on the node, resolved when it is added.
///
/// It has no numbers that VPP chooses, so that everything can be built from it again after a
/// restart of VPP. It cannot be read back from VPP, which does not show all of it: `memif_details`
/// has the negotiated sizes instead of the configured ones.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Want {
    /// The interface.
    pub interface: WantInterface,
    /// Its socket.
    pub socket: Socket,
    /// VPP's MAC address; unset for a memif in IP mode.
    #[serde(with = "text", default)]
    pub mac: Option<MacAddress>,
    /// The MAC address of the pod's end.
    #[serde(with = "text", default)]
    pub pod_mac: Option<MacAddress>,
    /// The MTU in bytes; VPP's default unless set.
    #[serde(default)]
    pub mtu: Option<u32>,
    /// The receive mode; VPP's default unless set.
    #[serde(with = "rx_mode", default)]
    pub rx_mode: Option<interface::RxMode>,
    /// The network of the interface.
    pub network: Network,
}

/// The kind of an interface, and its parameters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum WantInterface {
    /// A memif.
    Memif(MemifConfig),
    /// A vhost-user interface.
    VhostUser(WantVhostUser),
}

/// The parameters of one end of a memif.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MemifConfig {
    /// Whether this end is the master, which listens on the socket.
    pub is_master: bool,
    /// Whether it carries IP packets instead of Ethernet frames.
    pub is_ip: bool,
    /// Its ID on the socket.
    pub id: u32,
    /// The size of the rings; VPP's default (1024) unless set.
    pub ring_size: Option<u32>,
    /// The size of the buffers in bytes; VPP's default (2048) unless set.
    pub buffer_size: Option<u16>,
    /// The receive queues; 1 unless set.
    pub rx_queues: Option<u8>,
    /// The transmit queues; 1 unless set.
    pub tx_queues: Option<u8>,
    /// The secret that the peer must have; empty for none.
    pub secret: String,
}

/// Omits the secret, which must not be logged.
impl std::fmt::Debug for MemifConfig {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MemifConfig")
            .field("is_master", &self.is_master)
            .field("is_ip", &self.is_ip)
            .field("id", &self.id)
            .field("ring_size", &self.ring_size)
            .field("buffer_size", &self.buffer_size)
            .field("rx_queues", &self.rx_queues)
            .field("tx_queues", &self.tx_queues)
            .field("has_secret", &!self.secret.is_empty())
            .finish()
    }
}

impl MemifConfig {
    /// The end of the memif.
    #[must_use]
    pub fn role(&self) -> memif::Role {
        if self.is_master {
            memif::Role::Master
        } else {
            memif::Role::Slave
        }
    }

    /// The packets that this end carries.
    #[must_use]
    pub fn mode(&self) -> memif::Mode {
        if self.is_ip {
            memif::Mode::Ip
        } else {
            memif::Mode::Ethernet
        }
    }

    /// The request that creates this end. The step for the socket sets `socket_id`.
    #[must_use]
    pub fn to_create(&self, mac: Option<MacAddress>) -> memif::Create {
        memif::Create {
            socket_id: 0,
            id: self.id,
            role: self.role(),
            mode: self.mode(),
            mac,
            ring_size: self.ring_size,
            buffer_size: self.buffer_size,
            rx_queues: self.rx_queues,
            tx_queues: self.tx_queues,
            secret: self.secret.clone(),
        }
    }
}

/// The parameters of a vhost-user interface.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct WantVhostUser {
    /// Whether VPP on the node listens.
    pub is_server: bool,
    /// Segmentation offload.
    pub gso: bool,
    /// Packed rings.
    pub packed: bool,
}

/// A socket, with its name for each party.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Socket {
    /// The name for the node's VPP: a path, or `abstract:…`.
    pub vpp: String,
    /// The file on the host; unset for an abstract socket.
    pub host: Option<FileLocation>,
    /// The name in the pod.
    pub pod: String,
    /// The symbolic link in the path for VPP, if VPP rejects the folder's own path.
    #[serde(default)]
    pub link: Option<SocketLink>,
    /// Whether the name is derived from the attachment and therefore unique.
    pub is_own_name: bool,
    /// Group and mode of the file, if they are to be changed.
    #[serde(default)]
    pub access: Option<SocketMode>,
}

impl Socket {
    /// A socket file that has the same path for every party, and is used by this attachment only.
    ///
    /// # Errors
    /// The path is not absolute or not UTF-8.
    pub fn file(path: impl AsRef<Path>) -> Result<Self, InvalidSocketPath> {
        let path = path.as_ref();
        let text = path.to_str().ok_or(InvalidSocketPath)?;
        Ok(Self {
            vpp: text.to_owned(),
            host: Some(FileLocation::of(path).ok_or(InvalidSocketPath)?),
            pod: text.to_owned(),
            link: None,
            is_own_name: true,
            access: None,
        })
    }
}

/// A symbolic link to the folder of a socket file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SocketLink {
    /// The trusted folder with the link.
    pub folder: PathBuf,
    /// The name of the link.
    pub name: String,
    /// The folder of the socket file as the node's VPP sees it.
    pub target: PathBuf,
}

/// The path of a socket file is not absolute or not UTF-8.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the path of a socket file must be absolute and UTF-8")]
pub struct InvalidSocketPath;

/// The group and permissions of a socket file. Only the party that listens sets them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct SocketMode {
    /// The ID of the group; unchanged unless set.
    pub gid: Option<u32>,
    /// The permission bits.
    pub mode: u32,
}

/// The network of an interface.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Network {
    /// Nothing: `netType` is `none`.
    None,
    /// A bridge domain: `netType` is `bridge`.
    Bridge {
        /// Its ID.
        id: u32,
    },
    /// Layer 3: `netType` is `interface`.
    Layer3(Layer3),
}

/// A routed attachment. Addresses and gateways come from IPAM.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Layer3 {
    /// The table; 0 is VPP's default table.
    pub table: u32,
    /// The network's name. Attachments of one network share the gateway's loopback.
    pub name: String,
    /// The pod's addresses.
    pub addresses: Vec<IpAddr>,
    /// The gateways with the prefix length of their subnets, without duplicates.
    pub gateways: Vec<IpNet>,
}

/// A feature, and the messages that it needs.
pub type Needs = (&'static str, &'static [AnyOf]);

impl Want {
    /// The messages that this attachment needs, with the feature that needs them or the plugin that
    /// has them.
    #[must_use]
    pub fn needs(&self) -> Vec<Needs> {
        let mut needs: Vec<Needs> = vec![("VPP itself", api::infra::NEEDS)];
        needs.push(("VPP itself", interface::NEEDS));
        needs.push(match &self.interface {
            WantInterface::Memif(_) => ("the memif plugin", memif::NEEDS),
            WantInterface::VhostUser(_) => ("the vhost plugin", api::vhostuser::NEEDS),
        });
        if self.rx_mode.is_some() {
            needs.push(("rxMode", interface::NEEDS_RX_MODE));
        }
        match &self.network {
            Network::None => {}
            Network::Bridge { .. } => needs.push(("netType bridge", api::bridge::NEEDS)),
            Network::Layer3(layer3) => needs.extend(layer3.needs()),
        }
        needs
    }
}

impl Layer3 {
    fn needs(&self) -> Vec<Needs> {
        const KEY: &str = "netType interface";
        let mut needs = vec![
            (KEY, api::address::NEEDS),
            (KEY, interface::NEEDS_LOOPBACK),
            (KEY, interface::NEEDS_UNNUMBERED),
            (KEY, api::route::NEEDS),
            (KEY, api::proxy_arp::NEEDS),
        ];
        if self.table != 0 {
            needs.push(("table", interface::NEEDS_TABLE));
            needs.push(("table", api::table::NEEDS));
        }
        // Before IPAM has replied, the address families are not known.
        let may_have_ipv6 =
            self.addresses.is_empty() || self.addresses.iter().any(|it| it.is_ipv6());
        if may_have_ipv6 {
            needs.push((KEY, interface::NEEDS_IP6));
            needs.push((KEY, api::nd_proxy::NEEDS));
        }
        needs
    }
}

mod text {
    use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

    use crate::api::MacAddress;

    pub(super) fn serialize<S: Serializer>(
        mac: &Option<MacAddress>,
        to: S,
    ) -> Result<S::Ok, S::Error> {
        mac.map(|it| it.to_string()).serialize(to)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Option<MacAddress>, D::Error> {
        let text = Option::<String>::deserialize(from)?;
        let mac = text.map(|it| it.parse().map_err(de::Error::custom));
        mac.transpose()
    }
}

pub(crate) mod rx_mode {
    use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

    use crate::api::interface::RxMode;

    const NAMES: [(&str, RxMode); 3] = [
        ("polling", RxMode::Polling),
        ("interrupt", RxMode::Interrupt),
        ("adaptive", RxMode::Adaptive),
    ];

    pub(crate) fn serialize<S: Serializer>(
        mode: &Option<RxMode>,
        to: S,
    ) -> Result<S::Ok, S::Error> {
        let name = NAMES.iter().find(|(_, it)| Some(*it) == *mode);
        name.map(|it| it.0).serialize(to)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Option<RxMode>, D::Error> {
        let Some(text) = Option::<String>::deserialize(from)? else {
            return Ok(None);
        };
        let found = NAMES.iter().find(|(name, _)| *name == text);
        let unknown = || de::Error::custom(format!("{text:?} is not an rx mode"));
        found.map(|it| Some(it.1)).ok_or_else(unknown)
    }
}

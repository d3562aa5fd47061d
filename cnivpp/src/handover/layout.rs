//! The JSON of the Go plugin (`pkg/types/types.go`; the pair: `usrspdb` at ba6d5676), and the
//! object `vpp` that is added to it.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Attachment, IpResult, RxMode};

/// The newest schema of [`Extension`] that this release reads and writes.
pub(super) const SCHEMA: u32 = 1;

/// One side of an interface (`UserSpaceConf`).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct UserSpaceConf {
    /// `vpp` or `ovs-dpdk`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub engine: String,
    /// `memif` or `vhostuser`.
    #[serde(skip_serializing_if = "String::is_empty", rename = "iftype")]
    pub if_type: String,
    /// `none`, `bridge` or `interface`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub net_type: String,
    /// For a memif.
    pub memif: MemifConf,
    /// For a vhost-user interface.
    pub vhost: VhostConf,
    /// For `netType` `bridge`.
    pub bridge: BridgeConf,
}

/// The part of [`UserSpaceConf`] for a memif (`MemifConf`).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct MemifConf {
    /// `master` or `slave`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub role: String,
    /// `ethernet`, `ip` or `inject-punt`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub mode: String,
    /// The name of the socket file in the folder that host and container share.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub socketfile: String,
}

/// The part of [`UserSpaceConf`] for a vhost-user interface (`VhostConf`).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct VhostConf {
    /// `client` or `server`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub mode: String,
    /// The group of the socket file.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub group: String,
    /// The name of the socket file in the folder that host and container share.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub socketfile: String,
}

/// The part of [`UserSpaceConf`] for a bridge (`BridgeConf`).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct BridgeConf {
    /// The number of the bridge domain, as text.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub bridge_name: String,
    /// The same as a number; deprecated.
    #[serde(skip_serializing_if = "is_zero")]
    pub bridge_id: u32,
    /// A VLAN ID, which the Go plugin ignores.
    #[serde(skip_serializing_if = "is_zero")]
    pub vlan_id: u32,
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde passes a reference"
)]
fn is_zero(number: &u32) -> bool {
    *number == 0
}

/// `remote-<cid12>-<ifname>.json`: the NetConf with the container's part in the key `host`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Remote {
    /// The name of the network.
    pub name: String,
    /// The name of the plugin.
    #[serde(rename = "type")]
    pub plugin: String,
    /// The container's part.
    pub host: UserSpaceConf,
    /// Empty.
    pub container: UserSpaceConf,
}

/// `addData-<cid12>-<ifname>.json`: data that the NetConf does not have.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AddData {
    /// The container ID.
    pub container_id: String,
    /// The name of the interface.
    pub if_name: String,
    /// The result of IPAM.
    #[serde(default)]
    pub ip_result: IpResult,
    /// Data that the Go plugin does not have.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vpp: Option<Extension>,
}

/// `configData-<cid12>-<ifname>.json`, and one element of the annotation
/// `userspace/configuration-data` (`ConfigurationData` of the Go plugin).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ConfigData {
    /// The container ID.
    pub container_id: String,
    /// The name of the interface.
    pub if_name: String,
    /// The name of the network.
    #[serde(default)]
    pub name: String,
    /// The container's part of the NetConf.
    pub config: UserSpaceConf,
    /// The result of IPAM.
    #[serde(default)]
    pub ip_result: IpResult,
    /// Data that the Go plugin does not have.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vpp: Option<Extension>,
}

impl ConfigData {
    /// Describes an attachment, including the secret of a memif.
    #[must_use]
    pub fn new(attachment: &Attachment) -> Self {
        Self {
            container_id: attachment.container_id.clone(),
            if_name: attachment.if_name.clone(),
            name: attachment.network.clone(),
            config: UserSpaceConf::new(attachment),
            ip_result: IpResult::new(&attachment.addresses, &attachment.routes),
            vpp: Some(Extension::new(attachment)),
        }
    }

    /// Removes the secret, for places that others can read such as an annotation of the pod.
    #[must_use]
    pub fn without_secret(mut self) -> Self {
        if let Some(vpp) = &mut self.vpp {
            vpp.secret.clear();
        }
        self
    }
}

/// Data that the Go plugin's layouts lack. Other readers ignore it.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Extension {
    /// The schema of this object.
    pub schema: u32,
    /// The socket as the container sees it: a path, or `abstract:…`.
    pub socket: String,
    /// The number of the memif on the socket.
    pub memif_id: u32,
    /// The size of the memif's rings.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ring_size: Option<u32>,
    /// The size of the memif's buffers in bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub buffer_size: Option<u16>,
    /// The receive queues of the container's end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rx_queues: Option<u8>,
    /// The transmit queues of the container's end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tx_queues: Option<u8>,
    /// The memif's secret.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub secret: String,
    /// The MAC address of the container's end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mac: Option<String>,
    /// The MTU in bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mtu: Option<u32>,
    /// How the container's VPP takes packets from the queues.
    #[serde(
        with = "crate::attachment::rx_mode",
        skip_serializing_if = "Option::is_none"
    )]
    pub rx_mode: Option<RxMode>,
}

/// Omits the secret, which must not be logged.
impl fmt::Debug for Extension {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Extension")
            .field("schema", &self.schema)
            .field("socket", &self.socket)
            .field("memif_id", &self.memif_id)
            .field("has_secret", &!self.secret.is_empty())
            .finish_non_exhaustive()
    }
}

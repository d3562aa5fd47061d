use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use thiserror::Error as ThisError;

use super::{Id, Want};
use crate::localdb::NetnsId;

/// The newest layout of a [`Record`] that this release reads and writes.
pub const SCHEMA: u32 = 1;

/// What the node knows of one attachment.
///
/// It is stored before anything is changed, so that whatever was done can be found and undone:
/// objects on VPP by tag, socket file and MAC address, files by name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Record {
    /// The layout of this record.
    pub schema: u32,
    /// How far the attachment is.
    pub state: State,
    /// Which attachment it is.
    #[serde(flatten)]
    pub id: Id,
    /// The network's name.
    pub network: String,
    /// `CNI_NETNS` as given to ADD.
    pub netns: Option<String>,
    /// Which network namespace that was.
    pub netns_id: Option<NetnsId>,
    /// The boot of the node in which it was added.
    pub boot_id: String,
    /// The Kubernetes pod, if it is one.
    pub pod: Option<Pod>,
    /// VPP's number for the interface: where it is looked for first, never proof. The key is
    /// the Go plugin's.
    pub sw_if_index: Option<u32>,
    /// VPP's number for the memif socket. The key is the Go plugin's.
    pub memif_socket_id: Option<u32>,
    /// VPP's API socket.
    pub vpp_socket: PathBuf,
    /// The interface's tag on VPP.
    pub tag: String,
    /// The desired state.
    pub want: Want,
    /// The folder on the host with the files for the container, if they were written.
    pub handover: Option<Handover>,
    /// The file that describes the device for Multus and others.
    pub device_info_file: Option<PathBuf>,
    /// Who manages the addresses.
    pub ipam: Option<Ipam>,
    /// The result of ADD, in the version of its configuration.
    pub result: Option<serde_json::Value>,
}

/// How far an attachment is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// ADD has begun, and has not ended.
    Adding,
    /// ADD has succeeded.
    Ready,
    /// DEL has begun. What is left is removed by the next sweep.
    Deleting,
}

/// A Kubernetes pod.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pod {
    /// Its namespace.
    pub namespace: String,
    /// Its name.
    pub name: String,
    /// Its UID, if the runtime passed it.
    pub uid: Option<String>,
}

/// Where the files for the container are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Handover {
    /// The trusted folder.
    pub base: PathBuf,
    /// The folder below it; empty for the trusted folder itself.
    pub folder: PathBuf,
    /// Whether it is in the configured shared folder: then the files are in the form
    /// `configData-…`, else a pair.
    pub is_shared: bool,
    /// The number of the group that may read secrets; root alone unless set.
    pub gid: Option<u32>,
}

/// How to release the addresses of an attachment without its configuration.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Ipam {
    /// The IPAM plugin: `ipam.type`.
    #[serde(rename = "type")]
    pub plugin: String,
    /// The complete network configuration, as ADD received it.
    pub config: String,
    /// `CNI_ARGS` of ADD.
    pub args: String,
    /// `CNI_PATH` of ADD.
    pub path: String,
}

/// Without the configuration, which may contain the secret of a memif.
impl std::fmt::Debug for Ipam {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Ipam")
            .field("plugin", &self.plugin)
            .finish_non_exhaustive()
    }
}

/// Why the bytes of a record cannot be used.
#[derive(Debug, ThisError)]
#[non_exhaustive]
pub enum Unreadable {
    /// They are not a record.
    #[error("it is not a record: {0}")]
    Json(#[from] serde_json::Error),
    /// A newer release has written them.
    #[error("its schema is {0}, and this release reads up to {SCHEMA}")]
    Newer(u64),
}

impl Record {
    /// Reads a record.
    ///
    /// # Errors
    /// When the bytes are not a record, or one of a newer release.
    pub fn parse(bytes: &[u8]) -> Result<Self, Unreadable> {
        #[derive(Deserialize)]
        struct Schema {
            schema: u64,
            #[serde(flatten)]
            _rest: BTreeMap<String, serde::de::IgnoredAny>,
        }
        let Schema { schema, .. } = serde_json::from_slice(bytes)?;
        if schema > u64::from(SCHEMA) {
            return Err(Unreadable::Newer(schema));
        }
        Ok(serde_json::from_slice(bytes)?)
    }

    /// The bytes to store.
    ///
    /// # Errors
    /// Never for a record that was parsed or built by this crate: its keys are texts.
    pub fn to_bytes(&self) -> Result<Vec<u8>, Unreadable> {
        let mut bytes = serde_json::to_vec_pretty(self)?;
        bytes.push(b'\n');
        Ok(bytes)
    }
}

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use thiserror::Error as ThisError;

use super::{Id, Want};
use crate::kubernetes::Access;
use crate::localdb::NetnsId;

/// The newest schema of a [`Record`] that this release reads, and the one that it writes.
pub const SCHEMA: u32 = 1;

/// The data that the node stores about one attachment.
///
/// It is stored before anything is changed, so that every change can be found and undone: objects
/// on VPP by tag, socket file and MAC address, files by name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Record {
    /// The schema of this record.
    pub schema: u32,
    /// The state of the attachment.
    pub state: State,
    /// The ID of the attachment.
    #[serde(flatten)]
    pub id: Id,
    /// The network's name.
    pub network: String,
    /// `CNI_NETNS` as given to ADD.
    pub netns: Option<String>,
    /// The ID of that network namespace.
    pub netns_id: Option<NetnsId>,
    /// The ID of the boot in which it was added.
    pub boot_id: String,
    /// The Kubernetes pod, if the runtime named one.
    pub pod: Option<Pod>,
    /// The credentials for the pod object, if it may have an annotation of this attachment.
    #[serde(default)]
    pub kubernetes: Option<Access>,
    /// The interface's index on VPP. It is looked for there first, and then verified. The key is
    /// the Go plugin's.
    pub sw_if_index: Option<u32>,
    /// The memif socket's ID on VPP. The key is the Go plugin's.
    pub memif_socket_id: Option<u32>,
    /// VPP's API socket.
    pub vpp_socket: PathBuf,
    /// The interface's tag on VPP.
    pub tag: String,
    /// The desired state.
    pub want: Want,
    /// The host folder with the files for the container, if they were written.
    pub handover: Option<Handover>,
    /// The device-info file for Multus and other readers.
    pub device_info_file: Option<PathBuf>,
    /// The IPAM plugin that manages the addresses.
    pub ipam: Option<Ipam>,
    /// The result of ADD, in the CNI version of its configuration.
    pub result: Option<serde_json::Value>,
}

/// The state of an attachment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// ADD has begun, and has not finished.
    Adding,
    /// ADD has succeeded.
    Ready,
    /// DEL has begun. The next sweep removes what is left.
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

/// The folder with the files for the container.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Handover {
    /// The trusted folder.
    pub base: PathBuf,
    /// The folder below it; empty for the trusted folder itself.
    pub folder: PathBuf,
    /// Whether it is in the configured shared folder. There the files are named `configData-…`.
    /// Otherwise they are a pair.
    pub is_shared: bool,
    /// The ID of the group that may read secrets. Only root may unless set.
    pub gid: Option<u32>,
}

/// The data for releasing the addresses of an attachment without its configuration.
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

/// Omits the configuration, which may contain the secret of a memif.
impl std::fmt::Debug for Ipam {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Ipam")
            .field("plugin", &self.plugin)
            .finish_non_exhaustive()
    }
}

/// The bytes of a record that cannot be read.
#[derive(Debug, ThisError)]
#[non_exhaustive]
pub enum Unreadable {
    /// The bytes are not a record.
    #[error("not a record: {0}")]
    Json(#[from] serde_json::Error),
    /// A newer release has written the record.
    #[error("its schema is {0}, this release reads up to {SCHEMA}")]
    Newer(u64),
}

impl Record {
    /// Parses a record.
    ///
    /// # Errors
    /// The bytes are not a record, or a newer release has written them.
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

    /// Serializes the record.
    ///
    /// # Errors
    /// Serialization fails, which does not happen for records that this crate builds or parses.
    pub fn to_bytes(&self) -> Result<Vec<u8>, Unreadable> {
        let mut bytes = serde_json::to_vec_pretty(self)?;
        bytes.push(b'\n');
        Ok(bytes)
    }
}

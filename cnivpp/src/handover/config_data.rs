use serde::{Deserialize, Serialize};

use super::{Attachment, Extension, IpResult, UserSpaceConf};

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
    /// What the Go plugin does not have.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vpp: Option<Extension>,
}

impl ConfigData {
    /// The form of an attachment, with the secret of a memif.
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

    /// The same without the secret, for places that others can read: an annotation of the pod.
    #[must_use]
    pub fn without_secret(mut self) -> Self {
        if let Some(vpp) = &mut self.vpp {
            vpp.secret.clear();
        }
        self
    }
}

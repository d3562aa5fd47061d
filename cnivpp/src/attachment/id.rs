use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::api::MacAddress;

/// The prefix of the tag of an attachment's interface.
pub const TAG_PREFIX: &str = "cni:";

/// The ID of an attachment: a container, and the name of an interface in it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Id {
    /// `CNI_CONTAINERID`.
    #[serde(rename = "containerId")]
    pub container_id: String,
    /// `CNI_IFNAME`.
    #[serde(rename = "ifName")]
    pub if_name: String,
}

impl Id {
    /// The attachment of this container and interface name.
    pub fn new(container_id: impl Into<String>, if_name: impl Into<String>) -> Self {
        Self {
            container_id: container_id.into(),
            if_name: if_name.into(),
        }
    }

    /// The tag of the attachment's interface on VPP: at most 55 bytes, VPP allows 63.
    ///
    /// `cni:`, 22 characters of base64url of the SHA-256 of container ID, NUL and interface name,
    /// then the name and the start of the ID. It can be computed without a record. The hash makes
    /// it unique. The rest is for humans.
    ///
    /// ```
    /// use cnivpp::attachment::Id;
    ///
    /// let tag = Id::new("0123456789abcdef", "net1").tag();
    /// assert_eq!(tag, "cni:6ZB1vdIDb285bx1RtRlr3A:net1:0123456789ab");
    /// ```
    #[must_use]
    pub fn tag(&self) -> String {
        let mut hash = Sha256::new();
        hash.update(&self.container_id);
        hash.update([0]);
        hash.update(&self.if_name);
        let hash: [u8; 32] = hash.finalize().into();
        let (hash, _) = hash.split_at(16);
        let start: String = self.container_id.chars().take(12).collect();
        let hash = URL_SAFE_NO_PAD.encode(hash);
        format!("{TAG_PREFIX}{hash}:{}:{start}", self.if_name)
    }

    /// A locally administered MAC address, computed from the ID and `end`, the end of the link. The
    /// two ends have different addresses.
    #[must_use]
    pub fn mac(&self, end: &str) -> MacAddress {
        mac_of(&self.hash(end))
    }

    fn hash(&self, purpose: &str) -> [u8; 32] {
        hash(&[&self.container_id, &self.if_name, purpose])
    }
}

impl std::fmt::Display for Id {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} of container {}", self.if_name, self.container_id)
    }
}

/// The hash of several texts, each followed by a NUL byte. The texts do not contain NUL.
pub(super) fn hash(parts: &[&str]) -> [u8; 32] {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part);
        hash.update([0]);
    }
    hash.finalize().into()
}

/// A locally administered unicast address from the first bytes of a hash.
pub(super) fn mac_of(hash: &[u8; 32]) -> MacAddress {
    let [a, b, c, d, e, f, ..] = *hash;
    MacAddress([(a & 0xfc) | 2, b, c, d, e, f])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_unique_and_short_enough() {
        let long = Id::new("f".repeat(64), "i".repeat(15));
        assert_eq!(long.tag().len(), 55);
        let tags = [
            ("box1", "net1"),
            ("box10", "net1"),
            ("box1", "net10"),
            ("box", "1net1"),
        ];
        let mut tags: Vec<String> = tags.iter().map(|it| Id::new(it.0, it.1).tag()).collect();
        tags.sort();
        tags.dedup();
        assert_eq!(tags.len(), 4);
    }

    #[test]
    fn ends_have_different_unicast_addresses() {
        let id = Id::new("box1", "net1");
        assert_ne!(id.mac("host"), id.mac("pod"));
        assert_eq!(id.mac("pod"), id.mac("pod"));
        for number in 0..100 {
            let mac = Id::new(number.to_string(), "net1").mac("pod");
            assert_eq!(mac.0[0] & 3, 2, "{mac}");
        }
    }
}

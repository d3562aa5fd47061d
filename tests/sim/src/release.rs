use std::fmt;
use std::str::FromStr;

use thiserror::Error;

/// A release of VPP that the simulator can play.
///
/// The state and the answers are those of VPP 26.06; an earlier release lacks the
/// messages that came later. Up to v23.02 a memif socket has other limits: any characters,
/// 107 bytes, no abstract names, and an existing folder. Messages with the CRCs of an earlier release come in a
/// [`Plugin`](crate::Plugin).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs, reason = "the names say all")]
pub enum Release {
    V22_10,
    V23_02,
    V23_06,
    V23_10,
    V24_02,
    V24_06,
    V24_10,
    V25_02,
    V25_06,
    V25_10,
    V26_02,
    #[default]
    V26_06,
}

/// Messages of VPP 26.06 that came after v22.10, with the first release that has them.
///
/// Those that `vpp-protocol` dates are exact; the others are known to be absent in
/// v23.02, or in v24.06, and are given to the release after it. No other difference is
/// hidden here: in the modules that are simulated, no message of v23.02 or v24.06 has another
/// CRC than in v26.06, and only `ip_punt_police`, since moved to the policer plugin, is lacking.
const SINCE: &[(Release, &[&str])] = &[
    (Release::V23_02, &["bridge_domain_add_del_v2"]),
    (
        Release::V23_06,
        &[
            "memif_create_v2",
            "memif_socket_filename_add_del_v2",
            "ip_neighbor_config_get",
            "set_ip_flow_hash_v3",
            "sw_interface_ip6nd_ra_dump",
            "sw_interface_ip6nd_ra_details",
            "pcap_set_filter_function",
            "pcap_trace_on",
            "pcap_trace_off",
            "want_ping_finished_events",
            "ping_finished_event",
        ],
    ),
    (Release::V24_06, &["get_api_json"]),
    (
        Release::V24_10,
        &[
            "ip_table_add_del_v2",
            "sw_interface_ip4_enable_disable",
            "sw_interface_set_default_rx_mode",
            "sw_interface_get_default_rx_mode",
            "l2_flags_get",
            "l2_flags_set",
            "l2_interface_feat_flags_get",
            "l2_interface_feat_flags_set",
        ],
    ),
];

impl Release {
    /// All releases, the oldest first.
    pub const ALL: [Self; 12] = [
        Self::V22_10,
        Self::V23_02,
        Self::V23_06,
        Self::V23_10,
        Self::V24_02,
        Self::V24_06,
        Self::V24_10,
        Self::V25_02,
        Self::V25_06,
        Self::V25_10,
        Self::V26_02,
        Self::V26_06,
    ];

    /// The number without `v`, as in `26.06`.
    #[must_use]
    pub fn number(self) -> &'static str {
        match self {
            Self::V22_10 => "22.10",
            Self::V23_02 => "23.02",
            Self::V23_06 => "23.06",
            Self::V23_10 => "23.10",
            Self::V24_02 => "24.02",
            Self::V24_06 => "24.06",
            Self::V24_10 => "24.10",
            Self::V25_02 => "25.02",
            Self::V25_06 => "25.06",
            Self::V25_10 => "25.10",
            Self::V26_02 => "26.02",
            Self::V26_06 => "26.06",
        }
    }

    /// Whether this release has a message of 26.06; a reply is there with its request.
    #[must_use]
    pub fn has(self, message: &str) -> bool {
        let request = message.strip_suffix("_reply").unwrap_or(message);
        let since = SINCE
            .iter()
            .find(|(_, messages)| messages.contains(&request));
        since.is_none_or(|(since, _)| *since <= self)
    }

    /// The first message id behind those of the memclnt module.
    pub(crate) fn first_dynamic_id(self) -> u16 {
        if self.has("get_api_json") { 29 } else { 27 }
    }
}

impl fmt::Display for Release {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "v{}", self.number())
    }
}

/// Text that is not a release; the message lists those that exist.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{0:?} is not one of{known}", known = Known)]
pub struct UnknownRelease(String);

/// The releases that exist, each after a space.
struct Known;

impl fmt::Display for Known {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut known = Release::ALL.iter();
        known.try_for_each(|known| write!(f, " {known}"))
    }
}

impl FromStr for Release {
    type Err = UnknownRelease;

    fn from_str(text: &str) -> Result<Self, UnknownRelease> {
        let number = text.strip_prefix('v').unwrap_or(text);
        let mut all = Self::ALL.into_iter();
        all.find(|known| known.number() == number)
            .ok_or_else(|| UnknownRelease(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_with_and_without_v() {
        assert_eq!("v23.02".parse(), Ok(Release::V23_02));
        assert_eq!("26.06".parse(), Ok(Release::V26_06));
        let error = "v1".parse::<Release>().unwrap_err().to_string();
        assert!(error.starts_with("\"v1\" is not one of v22.10"), "{error}");
    }

    #[test]
    fn later_messages_are_absent_with_their_replies() {
        assert!(!Release::V23_02.has("memif_create_v2"));
        assert!(!Release::V23_02.has("memif_create_v2_reply"));
        assert!(Release::V23_10.has("memif_create_v2_reply"));
        assert!(Release::V22_10.has("memif_create"));
        assert!(!Release::V22_10.has("bridge_domain_add_del_v2"));
        assert_eq!(Release::V24_02.first_dynamic_id(), 27);
        assert_eq!(Release::V24_06.first_dynamic_id(), 29);
    }
}

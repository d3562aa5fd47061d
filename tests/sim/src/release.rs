//! The releases of VPP that the simulator can simulate.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

/// A release of VPP that the simulator can simulate.
///
/// State and replies are those of VPP 26.06. An earlier release lacks the messages that came
/// later. Up to v23.02 the name of a memif socket may contain any characters and has up to
/// 107 bytes, its folder must exist, and abstract names are not supported. To simulate messages
/// with the CRCs of an earlier release, load a [`Plugin`](crate::Plugin).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs, reason = "the names are the releases")]
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
    V26_06,
}

/// Messages of VPP 26.06 that came after v22.10, with the first release that has them.
///
/// The release is exact for the messages that the protocol notes date. The other messages
/// are missing in v23.02 or in v24.06, and this list assigns them to the next release. In the
/// simulated modules, every message of v23.02 and v24.06 has the same CRC as in v26.06. The only
/// one that v26.06 lacks is `ip_punt_police`, which moved to the policer plugin.
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
    /// The newest release, whose definitions `vpp-api-json` contains and which is the default.
    pub const LATEST: Self = Self::V26_06;

    /// All releases, oldest first.
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
        Self::LATEST,
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

    /// Whether this release has a message of [`LATEST`](Self::LATEST). A reply exists exactly
    /// if its request does.
    #[must_use]
    pub fn has(self, message: &str) -> bool {
        let request = message.strip_suffix("_reply").unwrap_or(message);
        let since = SINCE
            .iter()
            .find(|(_, messages)| messages.contains(&request));
        since.is_none_or(|(since, _)| *since <= self)
    }

    /// The first message id after those of the memclnt module.
    pub(crate) fn first_dynamic_id(self) -> u16 {
        if self.has("get_api_json") { 29 } else { 27 }
    }
}

impl Default for Release {
    fn default() -> Self {
        Self::LATEST
    }
}

impl fmt::Display for Release {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "v{}", self.number())
    }
}

/// The error of parsing a [`Release`]. Its text lists the known releases.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("release {0:?} is not one of{known}", known = KnownReleases)]
pub struct ParseReleaseError(String);

/// Displays the known releases, each after a space.
struct KnownReleases;

impl fmt::Display for KnownReleases {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut all = Release::ALL.iter();
        all.try_for_each(|release| write!(f, " {release}"))
    }
}

impl FromStr for Release {
    type Err = ParseReleaseError;

    fn from_str(text: &str) -> Result<Self, ParseReleaseError> {
        let number = text.strip_prefix('v').unwrap_or(text);
        let mut all = Self::ALL.into_iter();
        all.find(|known| known.number() == number)
            .ok_or_else(|| ParseReleaseError(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn latest_is_the_last_and_the_vendored_release() {
        assert_eq!(Release::ALL.last(), Some(&Release::LATEST));
        assert!(Release::ALL.is_sorted());
        let vendored = vpp_api_json::LATEST_RELEASE;
        assert_eq!(Release::LATEST.to_string(), vendored);
    }

    #[test]
    fn names_parse_with_and_without_v() {
        assert_eq!("v23.02".parse(), Ok(Release::V23_02));
        assert_eq!("26.06".parse(), Ok(Release::V26_06));
        let error = "v1".parse::<Release>().unwrap_err().to_string();
        let expected = "release \"v1\" is not one of v22.10";
        assert!(error.starts_with(expected), "{error}");
    }

    #[test]
    fn later_messages_and_their_replies_are_missing() {
        assert!(!Release::V23_02.has("memif_create_v2"));
        assert!(!Release::V23_02.has("memif_create_v2_reply"));
        assert!(Release::V23_10.has("memif_create_v2_reply"));
        assert!(Release::V22_10.has("memif_create"));
        assert!(!Release::V22_10.has("bridge_domain_add_del_v2"));
        assert_eq!(Release::V24_02.first_dynamic_id(), 27);
        assert_eq!(Release::V24_06.first_dynamic_id(), 29);
    }
}

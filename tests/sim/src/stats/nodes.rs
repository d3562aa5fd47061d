//! Some nodes of VPP's graph and their errors, with the names that VPP 26.06 has.

/// The nodes in `/sys/node/names`.
pub(super) const NODES: [&str; 12] = [
    "null-node",
    "memif-input",
    "vhost-user-input",
    "ethernet-input",
    "arp-reply",
    "ip4-input",
    "ip4-lookup",
    "ip6-input",
    "ip6-lookup",
    "l2-flood",
    "error-drop",
    "statseg-collector-process",
];

/// The counters of each node (`vlib/stats/collector.c`).
pub(super) const NODE_COUNTERS: [&str; 4] = ["clocks", "vectors", "calls", "suspends"];

/// The errors of nodes. Their position is the column in `/node/errors`.
pub(super) const ERRORS: &[(&str, &[&str])] = &[
    ("null-node", &["blackholed packets"]),
    (
        "vhost-user-input",
        &[
            "no error",
            "no available buffer",
            "mmap failure",
            "indirect descriptor overflows table",
            "undersized ethernet frame received (< 14 bytes)",
            "vhost interface not ready or down",
            "full rx queue (possible driver tx drop)",
        ],
    ),
    ("memif-input", &["buffer_alloc", "bad_desc", "not_ip"]),
    (
        "arp-reply",
        &[
            "replies_sent",
            "disabled",
            "replies_received",
            "gratuitous_arp",
        ],
    ),
    (
        "ip6-input",
        &["none", "too_short", "bad_length", "version", "time_expired"],
    ),
    (
        "ip4-input",
        &[
            "none",
            "too_short",
            "bad_length",
            "bad_checksum",
            "version",
            "options",
            "time_expired",
        ],
    ),
    (
        "l2-flood",
        &[
            "L2 flood packets",
            "L2 replication failures",
            "L2 replication complete",
        ],
    ),
    (
        "ethernet-input",
        &[
            "no error",
            "llc length > packet length",
            "unknown ethernet type",
            "unknown vlan",
            "l3 mac mismatch",
            "subinterface down",
        ],
    ),
];

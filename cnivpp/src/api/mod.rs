//! Typed functions for the objects of VPP, one module per kind.
//!
//! They are thin functions over [`Client`](vpp_bindings::client::Client). Each checks its
//! arguments before anything is sent, and refuses what would crash VPP. It sends the newest message
//! that the connected VPP has, or falls back to an older one. An [`Error`] has the request that VPP
//! refused, and the reason.
//!
//! | module | for |
//! |---|---|
//! | [`infra`] | connecting, VPP's version, the messages that every program needs |
//! | [`interface`] | the list of interfaces, up and down, tags, MTU, tables, unnumbered interfaces, loopbacks |
//! | [`memif`] | memif sockets and interfaces |
//! | [`vhostuser`] | vhost-user interfaces |
//! | [`bridge`] | bridge domains and their members |
//! | [`address`] | IPv4 and IPv6 addresses of interfaces |
//! | [`table`] | tables |
//! | [`route`] | routes |
//! | [`proxy_arp`] | proxy ARP |
//! | [`nd_proxy`] | ND proxy, the same for IPv6 |

pub mod address;
pub mod bridge;
mod error;
mod free_id;
pub mod infra;
pub mod interface;
mod mac;
pub mod memif;
pub mod nd_proxy;
pub mod proxy_arp;
pub mod route;
pub mod table;
mod text;
pub mod vhostuser;

/// The messages that every configuration needs.
///
/// `vpp-bindgen check` compares them with those of a VPP.
pub const NEEDS: &[&[infra::AnyOf]] = &[
    infra::NEEDS,
    interface::NEEDS,
    memif::NEEDS,
    vhostuser::NEEDS,
    bridge::NEEDS,
    address::NEEDS,
];

/// The messages that only some configurations need, with the feature that needs them.
///
/// `vpp-bindgen check` reports missing ones and does not fail.
pub const OPTIONAL: &[(&str, &[infra::AnyOf])] = &[
    ("receive mode", interface::NEEDS_RX_MODE),
    ("IPv6 on an interface", interface::NEEDS_IP6),
    ("table", table::NEEDS),
    ("interface in a table", interface::NEEDS_TABLE),
    ("unnumbered interface", interface::NEEDS_UNNUMBERED),
    ("loopback", interface::NEEDS_LOOPBACK),
    ("route", route::NEEDS),
    ("proxy ARP", proxy_arp::NEEDS),
    ("ND proxy", nd_proxy::NEEDS),
];

pub use error::{Error, Result};
pub use vpp_bindings::ethernet_types::MacAddress;
pub use vpp_bindings::interface_types::InterfaceIndex;

//! What VPP is asked to do, one module per kind of object.
//!
//! Thin, typed functions over [`Client`](vpp_bindings::client::Client). Each checks what
//! it is given before anything is sent, sends the newest message that the connected VPP
//! has, and falls back to the older one where it is the only one. What would kill VPP is
//! refused. An [`Error`] keeps which request VPP refused, and why.
//!
//! | module | for |
//! |---|---|
//! | [`infra`] | connecting, VPP's version, what it must have |
//! | [`interface`] | the list of interfaces, up and down, tags, MTU, tables, borrowed addresses, loopbacks |
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

/// What VPP must have for every configuration.
///
/// `vpp-bindgen check` holds it against a VPP without this crate; a test keeps its list equal.
pub const NEEDS: &[&[infra::AnyOf]] = &[
    infra::NEEDS,
    interface::NEEDS,
    memif::NEEDS,
    vhostuser::NEEDS,
    bridge::NEEDS,
    address::NEEDS,
];

/// What VPP must have for some configurations only: what needs it, and the messages.
///
/// `vpp-bindgen check` reports them and does not fail without them; the same test keeps its
/// list equal.
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

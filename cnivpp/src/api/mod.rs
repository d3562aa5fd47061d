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
//! | [`interface`] | the list of interfaces, up and down, tags |
//! | [`memif`] | memif sockets and interfaces |
//! | [`vhostuser`] | vhost-user interfaces |
//! | [`bridge`] | bridge domains and their members |
//! | [`address`] | IPv4 and IPv6 addresses of interfaces |

pub mod address;
pub mod bridge;
mod error;
mod free_id;
pub mod infra;
pub mod interface;
pub mod memif;
mod text;
pub mod vhostuser;

/// What VPP must have for all of these modules.
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

pub use error::{Error, Result};
pub use vpp_bindings::ethernet_types::MacAddress;
pub use vpp_bindings::interface_types::InterfaceIndex;

//! Results of ADD, for all versions of the specification.
//!
//! [`CniResult::parse`] reads the JSON of any supported version, and [`CniResult::to_json`] prints
//! it in any version. Keys that a version does not define are kept, so that a result passes
//! unchanged through a chain of plugins.

mod parse;
mod print;
#[cfg(test)]
mod tests;

pub(in crate::cni) use parse::dns;

use std::net::IpAddr;

use ipnet::IpNet;

use super::json::Object;

/// The result of ADD: interfaces, addresses, routes and DNS settings.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct CniResult {
    /// The interfaces, of the container and of the host.
    pub interfaces: Vec<Interface>,
    /// The addresses.
    pub ips: Vec<Ip>,
    /// The routes.
    pub routes: Vec<Route>,
    /// The DNS settings.
    pub dns: Dns,
    /// Keys that the version of the parsed result does not define.
    pub extra: Object,
}

/// An interface of a result.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Interface {
    /// The name.
    pub name: String,
    /// The MAC address, as text because other plugins' interfaces need not be Ethernet.
    pub mac: Option<String>,
    /// The MTU in bytes; printed from 1.1.0 on.
    pub mtu: Option<u32>,
    /// The network namespace's path; `None` for an interface of the host.
    pub sandbox: Option<String>,
    /// The socket of a vhost-user or memif interface; printed from 1.1.0 on.
    pub socket_path: Option<String>,
    /// The PCI address; printed from 1.1.0 on.
    pub pci_id: Option<String>,
    /// Keys that the version of the parsed result does not define.
    pub extra: Object,
}

/// An address of a result.
#[derive(Debug, Clone, PartialEq)]
pub struct Ip {
    /// The address with its prefix length.
    pub address: IpNet,
    /// The gateway of its subnet.
    pub gateway: Option<IpAddr>,
    /// The index of its interface in [`CniResult::interfaces`].
    pub interface: Option<usize>,
    /// Keys that the version of the parsed result does not define.
    pub extra: Object,
}

impl Ip {
    /// Creates an address without a gateway and an interface.
    #[must_use]
    pub fn new(address: IpNet) -> Self {
        Self {
            address,
            gateway: None,
            interface: None,
            extra: Object::new(),
        }
    }
}

/// A route of a result.
#[derive(Debug, Clone, PartialEq)]
pub struct Route {
    /// The destination.
    pub dst: IpNet,
    /// The next hop. Default: the gateway of the addresses.
    pub gw: Option<IpAddr>,
    /// The MTU in bytes; printed from 1.1.0 on, like the following fields.
    pub mtu: Option<u32>,
    /// The advertised TCP segment size in bytes.
    pub advmss: Option<u32>,
    /// The priority; a smaller number is preferred.
    pub priority: Option<u32>,
    /// The routing table.
    pub table: Option<u32>,
    /// The scope, with Linux' numbers.
    pub scope: Option<u32>,
    /// Keys that the version of the parsed result does not define.
    pub extra: Object,
}

impl Route {
    /// Creates a route with only a destination.
    #[must_use]
    pub fn new(dst: IpNet) -> Self {
        Self {
            dst,
            gw: None,
            mtu: None,
            advmss: None,
            priority: None,
            table: None,
            scope: None,
            extra: Object::new(),
        }
    }
}

/// DNS settings of a result or a configuration.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Dns {
    /// Addresses of name servers, by priority.
    pub nameservers: Vec<String>,
    /// The local domain.
    pub domain: Option<String>,
    /// Search domains, by priority.
    pub search: Vec<String>,
    /// Options of the resolver.
    pub options: Vec<String>,
    /// Keys that the specification does not define.
    pub extra: Object,
}

impl Dns {
    /// Whether nothing is set.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

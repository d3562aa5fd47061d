use serde::{Deserialize, Serialize};

use super::{Address, Route};

/// The result of IPAM in the files for the container (`current.Result` of the CNI library).
///
/// Each address has the key `version`, which CNI 1.0.0 removed: app-netutil reads it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct IpResult {
    /// The addresses.
    #[serde(deserialize_with = "null_as_default")]
    pub ips: Vec<Ip>,
    /// The routes.
    #[serde(deserialize_with = "null_as_default")]
    pub routes: Vec<IpRoute>,
    /// The DNS settings; not interpreted.
    pub dns: serde_json::Map<String, serde_json::Value>,
}

/// Reads a list; Go writes an empty one as `null`.
fn null_as_default<'de, D, T>(from: D) -> Result<Vec<T>, D::Error>
where
    D: serde::Deserializer<'de>,
    T: Deserialize<'de>,
{
    Ok(Option::deserialize(from)?.unwrap_or_default())
}

/// One address of an [`IpResult`].
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Ip {
    /// `4` or `6`.
    pub version: String,
    /// The address with its prefix length, such as `10.1.0.5/24`.
    pub address: String,
    /// The gateway.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gateway: Option<String>,
}

/// One route of an [`IpResult`].
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct IpRoute {
    /// The destination with its prefix length.
    pub dst: String,
    /// The next hop.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gw: Option<String>,
}

impl IpResult {
    pub(super) fn new(addresses: &[Address], routes: &[Route]) -> Self {
        let ip = |it: &Address| Ip {
            version: if it.address.addr().is_ipv4() {
                "4"
            } else {
                "6"
            }
            .to_owned(),
            address: it.address.to_string(),
            gateway: it.gateway.map(|it| it.to_string()),
        };
        let route = |it: &Route| IpRoute {
            dst: it.dst.to_string(),
            gw: it.gw.map(|it| it.to_string()),
        };
        Self {
            ips: addresses.iter().map(ip).collect(),
            routes: routes.iter().map(route).collect(),
            dns: serde_json::Map::new(),
        }
    }

    /// Parses the addresses. The error names the invalid value.
    pub(super) fn addresses(&self) -> Result<Vec<Address>, String> {
        let address = |it: &Ip| {
            Ok(Address {
                address: parse("address", &it.address)?,
                gateway: optional("gateway", it.gateway.as_deref())?,
            })
        };
        self.ips.iter().map(address).collect()
    }

    /// Parses the routes. The error names the invalid value.
    pub(super) fn routes(&self) -> Result<Vec<Route>, String> {
        let route = |it: &IpRoute| {
            let dst: ipnet::IpNet = parse("destination", &it.dst)?;
            Ok(Route {
                dst: dst.trunc(),
                gw: optional("next hop", it.gw.as_deref())?,
            })
        };
        self.routes.iter().map(route).collect()
    }
}

fn parse<T: std::str::FromStr>(what: &str, text: &str) -> Result<T, String>
where
    T::Err: std::fmt::Display,
{
    let parsed = text.parse();
    parsed.map_err(|error| format!("the {what} {text:?} is not valid: {error}"))
}

/// Parses a text; Go writes a missing address as an empty one.
fn optional<T: std::str::FromStr>(what: &str, text: Option<&str>) -> Result<Option<T>, String>
where
    T::Err: std::fmt::Display,
{
    let text = text.filter(|it| !it.is_empty());
    text.map(|it| parse(what, it)).transpose()
}

use std::net::IpAddr;

use ipnet::IpNet;
use serde_json::Value;

use super::{CniResult, Dns, Interface, Ip, Route};
use crate::cni::error::code;
use crate::cni::fields::{Fields, Problems};
use crate::cni::json::{Object, excerpt};
use crate::cni::{Error, Result, Version};

impl CniResult {
    /// Parses a result in the version of its `cniVersion`, or in `default` if that is missing or
    /// not supported, as the Go library does. `what` names the result in errors.
    ///
    /// # Errors
    /// Code 6 with all problems.
    pub fn parse(value: &Value, default: Version, what: &str) -> Result<Self> {
        let Some(object) = value.as_object() else {
            let why = format!("{what} is {}, not an object", excerpt(value));
            return Err(Error::decode(why));
        };
        let mut parser = Parser {
            version: version(object).unwrap_or(default),
            problems: Problems::default(),
        };
        let result = parser.result(&Fields::new(object, ""));
        parser.problems.into_result(what, code::DECODE)?;
        Ok(result)
    }
}

fn version(object: &Object) -> Option<Version> {
    Version::find(object.get("cniVersion")?.as_str()?)
}

struct Parser {
    version: Version,
    problems: Problems,
}

impl Parser {
    fn result(&mut self, fields: &Fields<'_>) -> CniResult {
        let mut result = CniResult {
            extra: others(
                fields,
                &["cniVersion", "interfaces", "ips", "routes", "dns"],
            ),
            ..CniResult::default()
        };
        for item in fields.objects("interfaces", &mut self.problems) {
            result.interfaces.push(self.interface(&item));
        }
        for item in fields.objects("ips", &mut self.problems) {
            result.ips.extend(self.ip(&item));
        }
        for item in fields.objects("routes", &mut self.problems) {
            result.routes.extend(self.route(&item));
        }
        if let Some(item) = fields.object("dns", &mut self.problems) {
            result.dns = dns(&item, &mut self.problems);
        }
        result
    }

    fn interface(&mut self, fields: &Fields<'_>) -> Interface {
        let mut text = |key| {
            let text = fields.non_empty(key, &mut self.problems);
            text.map(str::to_owned)
        };
        let mut interface = Interface {
            name: text("name").unwrap_or_default(),
            mac: text("mac"),
            sandbox: text("sandbox"),
            extra: others(fields, &["name", "mac", "sandbox"]),
            ..Interface::default()
        };
        if self.version >= Version::V1_1_0 {
            interface.socket_path = text("socketPath");
            interface.pci_id = text("pciID");
            interface.mtu = fields.number("mtu", 0..=u32::MAX, &mut self.problems);
            for key in ["mtu", "socketPath", "pciID"] {
                interface.extra.remove(key);
            }
        }
        interface
    }

    fn ip(&mut self, fields: &Fields<'_>) -> Option<Ip> {
        let mut extra = others(fields, &["address", "gateway", "interface"]);
        if self.version < Version::V1_0_0 {
            extra.remove("version");
        }
        let gateway = fields.parsed("gateway", address, &mut self.problems);
        // Some plugins print -1 for a missing index.
        let index = fields.any("interface");
        let interface = match index.and_then(Value::as_i64) {
            Some(negative) if negative < 0 => None,
            _ => fields.number("interface", 0..=u32::MAX, &mut self.problems),
        };
        Some(Ip {
            address: self.required(fields, "address")?,
            gateway,
            interface: interface.and_then(|it| usize::try_from(it).ok()),
            extra,
        })
    }

    fn route(&mut self, fields: &Fields<'_>) -> Option<Route> {
        const NUMBERS: [&str; 5] = ["mtu", "advmss", "priority", "table", "scope"];
        let gw = fields.parsed("gw", address, &mut self.problems);
        let mut route = Route::new(self.required(fields, "dst")?);
        route.gw = gw;
        route.extra = others(fields, &["dst", "gw"]);
        if self.version >= Version::V1_1_0 {
            let numbers = NUMBERS.map(|key| {
                route.extra.remove(key);
                fields.number(key, 0..=u32::MAX, &mut self.problems)
            });
            [
                route.mtu,
                route.advmss,
                route.priority,
                route.table,
                route.scope,
            ] = numbers;
        }
        Some(route)
    }

    /// Reads a required address with a prefix length.
    fn required(&mut self, fields: &Fields<'_>, key: &str) -> Option<IpNet> {
        let parse = |text: &str| {
            text.parse()
                .map_err(|_| "is not an address with a prefix length")
        };
        let found = fields.parsed(key, parse, &mut self.problems);
        if fields.any(key).is_none_or(|it| it == "") {
            let why = format!("{} is missing", fields.name(key));
            self.problems.invalid(why);
        }
        found
    }
}

/// Reads the DNS settings of an object.
pub(in crate::cni) fn dns(fields: &Fields<'_>, problems: &mut Problems) -> Dns {
    let owned = |texts: Vec<&str>| texts.into_iter().map(str::to_owned).collect();
    Dns {
        nameservers: owned(fields.texts("nameservers", problems)),
        domain: fields.non_empty("domain", problems).map(str::to_owned),
        search: owned(fields.texts("search", problems)),
        options: owned(fields.texts("options", problems)),
        extra: others(fields, &["nameservers", "domain", "search", "options"]),
    }
}

fn address(text: &str) -> std::result::Result<IpAddr, &'static str> {
    text.parse().map_err(|_| "is not an address")
}

/// Returns the keys that are not in `known`.
fn others(fields: &Fields<'_>, known: &[&str]) -> Object {
    let all = fields.as_object().iter();
    all.filter(|(key, _)| !known.contains(&key.as_str()))
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect()
}

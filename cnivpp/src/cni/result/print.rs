use ipnet::IpNet;
use serde_json::Value;

use super::{CniResult, Dns, Interface, Ip, Route};
use crate::cni::Version;
use crate::cni::json::Object;

impl CniResult {
    /// Converts the result to the JSON of a version.
    ///
    /// Omits keys that the version does not define: `mtu`, `socketPath` and `pciID` of interfaces
    /// and the numbers of routes before 1.1.0. Prints `version` of addresses only before 1.0.0.
    /// Prints [`extra`](Self::extra) keys in every version.
    #[must_use]
    pub fn to_json(&self, version: Version) -> Value {
        let mut json = self.extra.clone();
        json.insert("cniVersion".into(), version.as_str().into());
        let interfaces = self.interfaces.iter().map(|it| interface(it, version));
        insert_array(&mut json, "interfaces", interfaces.collect());
        let ips = self.ips.iter().map(|it| ip(it, version));
        insert_array(&mut json, "ips", ips.collect());
        let routes = self.routes.iter().map(|it| route(it, version));
        insert_array(&mut json, "routes", routes.collect());
        if !self.dns.is_empty() {
            json.insert("dns".into(), dns(&self.dns));
        }
        json.into()
    }
}

fn interface(interface: &Interface, version: Version) -> Value {
    let mut json = interface.extra.clone();
    json.insert("name".into(), interface.name.clone().into());
    insert(&mut json, "mac", interface.mac.clone());
    insert(&mut json, "sandbox", interface.sandbox.clone());
    if version >= Version::V1_1_0 {
        insert(&mut json, "mtu", interface.mtu);
        insert(&mut json, "socketPath", interface.socket_path.clone());
        insert(&mut json, "pciID", interface.pci_id.clone());
    }
    json.into()
}

fn ip(ip: &Ip, version: Version) -> Value {
    let mut json = ip.extra.clone();
    json.insert("address".into(), ip.address.to_string().into());
    insert(&mut json, "gateway", ip.gateway.map(|it| it.to_string()));
    insert(&mut json, "interface", ip.interface);
    if version < Version::V1_0_0 {
        let family = match ip.address {
            IpNet::V4(_) => "4",
            IpNet::V6(_) => "6",
        };
        json.insert("version".into(), family.into());
    }
    json.into()
}

fn route(route: &Route, version: Version) -> Value {
    let mut json = route.extra.clone();
    json.insert("dst".into(), route.dst.to_string().into());
    insert(&mut json, "gw", route.gw.map(|it| it.to_string()));
    if version >= Version::V1_1_0 {
        insert(&mut json, "mtu", route.mtu);
        insert(&mut json, "advmss", route.advmss);
        insert(&mut json, "priority", route.priority);
        insert(&mut json, "table", route.table);
        insert(&mut json, "scope", route.scope);
    }
    json.into()
}

fn dns(dns: &Dns) -> Value {
    let mut json = dns.extra.clone();
    let texts = |texts: &[String]| texts.iter().cloned().map(Value::from).collect();
    insert_array(&mut json, "nameservers", texts(&dns.nameservers));
    insert(&mut json, "domain", dns.domain.clone());
    insert_array(&mut json, "search", texts(&dns.search));
    insert_array(&mut json, "options", texts(&dns.options));
    json.into()
}

fn insert(json: &mut Object, key: &str, value: Option<impl Into<Value>>) {
    if let Some(value) = value {
        json.insert(key.to_owned(), value.into());
    }
}

fn insert_array(json: &mut Object, key: &str, items: Vec<Value>) {
    if !items.is_empty() {
        json.insert(key.to_owned(), items.into());
    }
}

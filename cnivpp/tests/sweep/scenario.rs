//! The attachments of the sweeps.

use serde_json::{Value, json};
use vpp_sim::Release;

/// An attachment on a release of VPP.
#[derive(Clone)]
pub struct Scenario {
    pub name: String,
    pub release: Release,
    pub host: Value,
}

impl Scenario {
    /// memif and vhost-user, bridged and routed, on the oldest and the newest release.
    pub fn all() -> Vec<Self> {
        let mut all = Vec::new();
        for release in [Release::V22_10, Release::LATEST] {
            for (iftype, key, object) in [
                (
                    "memif",
                    "memif",
                    json!({"role": "master", "socketMode": "0660"}),
                ),
                (
                    "vhostuser",
                    "vhost",
                    json!({"mode": "server", "socketMode": "0660"}),
                ),
            ] {
                for (net_type, extra) in [
                    ("bridge", json!({"bridge": {"bridgeName": "7"}})),
                    ("interface", json!({"table": 9})),
                ] {
                    let mut host = json!({
                        "engine": "vpp",
                        "iftype": iftype,
                        "netType": net_type,
                        "mtu": 1500,
                        "rxMode": "interrupt",
                    });
                    host[key] = object.clone();
                    if let (Value::Object(host), Value::Object(extra)) = (&mut host, extra) {
                        host.extend(extra);
                    }
                    all.push(Self {
                        name: format!("{iftype} {net_type} {release}"),
                        release,
                        host,
                    });
                }
            }
        }
        all
    }

    /// A bridged memif and a routed vhost-user interface on the newest release.
    pub fn newest() -> Vec<Self> {
        let names = ["memif bridge", "vhostuser interface"];
        let names = names.map(|name| format!("{name} {}", Release::LATEST));
        let all = Self::all().into_iter();
        all.filter(|it| names.contains(&it.name)).collect()
    }
}

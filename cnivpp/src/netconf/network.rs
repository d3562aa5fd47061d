use super::choice::{self, Choice};
use crate::api::bridge;
use crate::cni::fields::{Fields, Problems};
use crate::cni::json::excerpt;

/// The network to which an interface is attached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Network {
    /// None: the interface is only created and configured.
    None,
    /// A bridge domain.
    Bridge {
        /// The bridge domain ID, 1 to [`bridge::MAX_ID`].
        id: u32,
    },
    /// IP routing.
    Interface {
        /// The IP table.
        table: u32,
    },
}

/// The values of `netType`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NetType {
    Bridge,
    Interface,
    None,
}

impl Choice for NetType {
    const ALL: &'static [(&'static str, Self)] = &[
        ("bridge", Self::Bridge),
        ("interface", Self::Interface),
        ("none", Self::None),
    ];
}

impl Network {
    /// Reads `netType`, `bridge` and `table` of a side.
    pub(super) fn read(side: &Fields<'_>, default: NetType, problems: &mut Problems) -> Self {
        let key = choice::read(side, "netType", problems);
        // If `netType` is invalid, the keys that depend on it are not checked.
        let is_known = key.is_some() || side.any("netType").is_none_or(|it| it == "");
        let net_type = key.unwrap_or(default);
        let bridge = side.object("bridge", problems);
        let bridge = bridge.filter(|it| !it.as_object().is_empty());
        let has_bridge = bridge.is_some();
        let id = bridge.and_then(|it| bridge_id(&it, problems));
        let table = side.number("table", 0..=u32::MAX, problems);
        let word = net_type.as_str();
        if is_known && net_type != NetType::Bridge && has_bridge {
            let name = side.name("bridge");
            problems.invalid(format!("{name} has no effect with netType {word:?}"));
        }
        if is_known && net_type != NetType::Interface && table.is_some() {
            let name = side.name("table");
            problems.invalid(format!("{name} has no effect with netType {word:?}"));
        }
        if net_type == NetType::Bridge && !has_bridge {
            let name = side.name("bridge.bridgeName");
            problems.invalid(format!("{name} is missing; netType \"bridge\" needs it"));
        }
        match net_type {
            NetType::Bridge => Self::Bridge {
                id: id.unwrap_or_default(),
            },
            NetType::Interface => Self::Interface {
                table: table.unwrap_or_default(),
            },
            NetType::None => Self::None,
        }
    }
}

fn bridge_id(fields: &Fields<'_>, problems: &mut Problems) -> Option<u32> {
    const KEYS: [&str; 2] = ["bridgeName", "bridgeId"];
    if let Some(vlan) = fields.any("vlanId") {
        let name = fields.name("vlanId");
        problems.unsupported(format!(
            "{name} {} is not supported: remove the key",
            excerpt(vlan)
        ));
    }
    fields.reject_others(&["bridgeName", "bridgeId", "vlanId"], problems);
    let name = fields.parsed("bridgeName", parse_name, problems);
    let id = fields.number("bridgeId", 1..=bridge::MAX_ID, problems);
    if let (Some(name), Some(id)) = (name, id)
        && name != id
    {
        let [name_key, id_key] = KEYS.map(|key| fields.name(key));
        problems.invalid(format!("{name_key} \"{name}\" and {id_key} {id} differ"));
    }
    let is_missing = |key: &&str| fields.any(key).is_none_or(|it| it == "");
    if KEYS.iter().all(is_missing) {
        let name = fields.name("bridgeName");
        problems.invalid(format!("{name} is missing"));
    }
    name.or(id)
}

fn parse_name(text: &str) -> Result<u32, &'static str> {
    let is_number = text.bytes().all(|it| it.is_ascii_digit());
    let id = text.parse().ok().filter(|_| is_number);
    id.filter(|it| (1..=bridge::MAX_ID).contains(it))
        .ok_or("is not a bridge domain ID (\"1\" to \"16777215\")")
}

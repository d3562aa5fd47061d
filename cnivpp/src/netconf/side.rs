use serde_json::Value;

use super::choice::{self, Choice};
use super::network::NetType;
use super::{Memif, MemifMode, Network, Vhost};
use crate::cni::error::code;
use crate::cni::fields::{Fields, Problems};
use crate::cni::json::{Object, excerpt};
use crate::cni::{Error, Mac, Result};

/// One end of an attachment: the host's or the container's interface.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Side {
    /// The interface.
    pub link: Link,
    /// Where it is attached.
    pub network: Network,
    /// Its MAC address; chosen by the plugin if `None`. Always `None` in memif mode `ip`.
    pub mac: Option<Mac>,
    /// Its MTU in bytes; VPP's if `None`.
    pub mtu: Option<u16>,
    /// How VPP waits for packets; VPP's default if `None`.
    pub rx_mode: Option<RxMode>,
}

/// The kind of an interface.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Link {
    /// A memif.
    Memif(Memif),
    /// A vhost-user interface.
    Vhost(Vhost),
}

/// How VPP waits for packets of an interface.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RxMode {
    /// It looks continuously.
    Polling,
    /// It waits for a signal.
    Interrupt,
    /// It switches between both by load.
    Adaptive,
}

impl Choice for RxMode {
    const ALL: &'static [(&'static str, Self)] = &[
        ("polling", Self::Polling),
        ("interrupt", Self::Interrupt),
        ("adaptive", Self::Adaptive),
    ];
}

/// `engine`.
#[derive(Clone, Copy, PartialEq)]
pub(super) struct Vpp;

impl Choice for Vpp {
    const ALL: &'static [(&'static str, Self)] = &[("vpp", Self)];
    const UNSUPPORTED: &'static [(&'static str, &'static str)] =
        &[("ovs-dpdk", "this plugin is for VPP")];
}

/// `iftype`.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum IfType {
    Memif,
    Vhost,
}

impl Choice for IfType {
    const ALL: &'static [(&'static str, Self)] =
        &[("memif", Self::Memif), ("vhostuser", Self::Vhost)];
}

pub(super) const KEYS: &[&str] = &[
    "engine", "iftype", "netType", "memif", "vhost", "bridge", "mac", "mtu", "rxMode", "table",
];

impl Link {
    pub(super) fn if_type(&self) -> IfType {
        match self {
            Self::Memif(_) => IfType::Memif,
            Self::Vhost(_) => IfType::Vhost,
        }
    }

    fn memif(&self) -> Option<&Memif> {
        match self {
            Self::Memif(memif) => Some(memif),
            Self::Vhost(_) => None,
        }
    }

    fn vhost(&self) -> Option<&Vhost> {
        match self {
            Self::Memif(_) => None,
            Self::Vhost(vhost) => Some(vhost),
        }
    }
}

impl Side {
    /// Parses one side by itself, as the container's program reads it: a complete one, like
    /// `host` of a network configuration.
    ///
    /// # Errors
    /// Code 7 with every invalid key and its value, or 2 if one of them is not supported.
    /// `what` names the side in the message.
    pub fn parse(value: &Value, what: &str) -> Result<Self> {
        let Some(object) = value.as_object() else {
            let why = format!("{what} is {}, not an object", excerpt(value));
            return Err(Error::config(why));
        };
        let mut problems = Problems::default();
        let side = Self::read(&Fields::new(object, ""), None, &mut problems);
        problems.into_result(what, code::CONFIG)?;
        Ok(side)
    }

    /// Reads a side; `host` has the defaults of a container.
    ///
    /// After a problem the value is of no use.
    pub(super) fn read(fields: &Fields<'_>, host: Option<&Self>, problems: &mut Problems) -> Self {
        fields.refuse_others(KEYS, problems);
        let required = |key: &str, words: &str, problems: &mut Problems| {
            if host.is_none() && fields.any(key).is_none_or(|it| it == "") {
                let name = fields.name(key);
                problems.invalid(format!("{name} is missing ({words})"));
            }
        };
        let _: Option<Vpp> = choice::read(fields, "engine", problems);
        required("engine", "vpp", problems);
        let if_type: Option<IfType> = choice::read(fields, "iftype", problems);
        required("iftype", "memif or vhostuser", problems);
        let if_type = if_type.or(host.map(|it| it.link.if_type()));
        let default = if host.is_some() {
            NetType::Interface
        } else {
            NetType::None
        };
        let network = Network::read(fields, default, problems);
        let side = Self {
            link: read_link(fields, if_type, host, problems),
            network,
            mac: fields.parsed("mac", Mac::parse_unicast, problems),
            mtu: (fields.number("mtu", 68..=u16::MAX, problems)).or(host.and_then(|it| it.mtu)),
            rx_mode: choice::read(fields, "rxMode", problems),
        };
        side.refuse_ip_mode(fields, problems);
        side
    }

    /// Refuses what an interface without Ethernet cannot have.
    fn refuse_ip_mode(&self, fields: &Fields<'_>, problems: &mut Problems) {
        if self.link.memif().is_none_or(|it| it.mode != MemifMode::Ip) {
            return;
        }
        let mode = fields.name("memif.mode");
        if let Network::Bridge { .. } = self.network {
            let name = fields.name("netType");
            problems.invalid(format!(
                "{name} \"bridge\" is not possible with {mode} \"ip\""
            ));
        }
        if let Some(mac) = self.mac {
            let name = fields.name("mac");
            problems.invalid(format!(
                "{name} \"{mac}\" is not possible with {mode} \"ip\""
            ));
        }
    }
}

/// Reads `memif` or `vhost`; the object of the other kind must be missing or empty.
fn read_link(
    fields: &Fields<'_>,
    if_type: Option<IfType>,
    host: Option<&Side>,
    problems: &mut Problems,
) -> Link {
    let empty = Object::new();
    let mut object = |key| {
        let object = fields.object(key, problems);
        object.unwrap_or_else(|| Fields::new(&empty, fields.name(key)))
    };
    let [memif, vhost] = ["memif", "vhost"].map(&mut object);
    let host = host.map(|it| &it.link);
    let mut refuse = |other: &Fields<'_>, key, word| {
        if !other.as_object().is_empty() {
            let name = fields.name(key);
            problems.invalid(format!("{name} has no effect with iftype {word:?}"));
        }
    };
    match if_type {
        Some(IfType::Vhost) => {
            refuse(&memif, "memif", "vhostuser");
            Link::Vhost(Vhost::read(&vhost, host.and_then(Link::vhost), problems))
        }
        // Of an unknown kind the keys that are present are checked.
        None if !memif.as_object().is_empty() => {
            Link::Memif(Memif::read(&memif, host.and_then(Link::memif), problems))
        }
        None => Link::Vhost(Vhost::read(&vhost, host.and_then(Link::vhost), problems)),
        Some(IfType::Memif) => {
            refuse(&vhost, "vhost", "memif");
            Link::Memif(Memif::read(&memif, host.and_then(Link::memif), problems))
        }
    }
}

use super::choice::{self, Choice};
use super::network::NetType;
use super::{Memif, MemifMode, Network, Vhost};
pub use crate::api::interface::RxMode;
use crate::cni::Mac;
use crate::cni::fields::{Fields, Problems};
use crate::cni::json::Object;

/// One end of an attachment: the interface of the host or of the container.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Side {
    /// The interface.
    pub interface: Interface,
    /// The network to which it is attached.
    pub network: Network,
    /// The MAC address. If `None`, the plugin chooses one. Always `None` in memif mode `ip`.
    pub mac: Option<Mac>,
    /// The MTU in bytes. If `None`, VPP's default.
    pub mtu: Option<u16>,
    /// How VPP waits for packets. If `None`, VPP's default.
    pub rx_mode: Option<RxMode>,
}

/// The kind of an interface.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Interface {
    /// A memif.
    Memif(Memif),
    /// A vhost-user interface.
    Vhost(Vhost),
}

impl Choice for RxMode {
    const ALL: &'static [(&'static str, Self)] = &[
        ("polling", Self::Polling),
        ("interrupt", Self::Interrupt),
        ("adaptive", Self::Adaptive),
    ];
}

/// The values of `engine`.
#[derive(Clone, Copy, PartialEq)]
pub(super) struct Vpp;

impl Choice for Vpp {
    const ALL: &'static [(&'static str, Self)] = &[("vpp", Self)];
    const UNSUPPORTED: &'static [(&'static str, &'static str)] =
        &[("ovs-dpdk", "this plugin supports only VPP")];
}

/// The values of `iftype`.
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

impl Interface {
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
    /// Reads a side. The container's side takes its defaults from `host`.
    ///
    /// The returned value is valid only if there are no problems.
    pub(super) fn read(fields: &Fields<'_>, host: Option<&Self>, problems: &mut Problems) -> Self {
        fields.reject_others(KEYS, problems);
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
        let if_type = if_type.or(host.map(|it| it.interface.if_type()));
        let default = if host.is_some() {
            NetType::Interface
        } else {
            NetType::None
        };
        let network = Network::read(fields, default, problems);
        let side = Self {
            interface: read_interface(fields, if_type, host, problems),
            network,
            mac: fields.parsed("mac", Mac::parse_unicast, problems),
            mtu: (fields.number("mtu", 68..=u16::MAX, problems)).or(host.and_then(|it| it.mtu)),
            rx_mode: choice::read(fields, "rxMode", problems),
        };
        side.check_ip_mode(fields, problems);
        side
    }

    /// Rejects settings that an interface without Ethernet cannot have.
    fn check_ip_mode(&self, fields: &Fields<'_>, problems: &mut Problems) {
        if self
            .interface
            .memif()
            .is_none_or(|it| it.mode != MemifMode::Ip)
        {
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

/// Reads `memif` or `vhost`. The object of the other kind must be missing or empty.
fn read_interface(
    fields: &Fields<'_>,
    if_type: Option<IfType>,
    host: Option<&Side>,
    problems: &mut Problems,
) -> Interface {
    let empty = Object::new();
    let mut object = |key| {
        let object = fields.object(key, problems);
        object.unwrap_or_else(|| Fields::new(&empty, fields.name(key)))
    };
    let [memif, vhost] = ["memif", "vhost"].map(&mut object);
    let host = host.map(|it| &it.interface);
    let mut check_unused = |other: &Fields<'_>, key, word| {
        if !other.as_object().is_empty() {
            let name = fields.name(key);
            problems.invalid(format!("{name} has no effect with iftype {word:?}"));
        }
    };
    match if_type {
        Some(IfType::Vhost) => {
            check_unused(&memif, "memif", "vhostuser");
            Interface::Vhost(Vhost::read(
                &vhost,
                host.and_then(Interface::vhost),
                problems,
            ))
        }
        // If the kind is unknown, the keys that are present are checked.
        None if !memif.as_object().is_empty() => Interface::Memif(Memif::read(
            &memif,
            host.and_then(Interface::memif),
            problems,
        )),
        None => Interface::Vhost(Vhost::read(
            &vhost,
            host.and_then(Interface::vhost),
            problems,
        )),
        Some(IfType::Memif) => {
            check_unused(&vhost, "vhost", "memif");
            Interface::Memif(Memif::read(
                &memif,
                host.and_then(Interface::memif),
                problems,
            ))
        }
    }
}

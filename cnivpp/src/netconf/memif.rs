use super::Secret;
use super::choice::{self, Choice};
use super::socket::{SocketFile, read_file, read_group, read_mode, refuse_ownership};
use crate::cni::fields::{Fields, Problems};

/// One end of a memif.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Memif {
    /// Which end it is.
    pub role: MemifRole,
    /// What it carries.
    pub mode: MemifMode,
    /// The name of the socket; chosen by the plugin if `None`.
    pub socket_file: Option<SocketFile>,
    /// Where the socket's name is.
    pub socket_type: SocketType,
    /// The number on the socket.
    pub id: u32,
    /// Entries per ring, a power of two; the slave's value counts.
    pub ring_size: u32,
    /// Bytes per buffer; the slave's value counts.
    pub buffer_size: u16,
    /// Receive queues of this end.
    pub rx_queues: u8,
    /// Transmit queues of this end.
    pub tx_queues: u8,
    /// What both ends must have.
    pub secret: Option<Secret>,
    /// The group of the socket file, as name or number; VPP's if `None`.
    pub group: Option<String>,
    /// The permissions of the socket file; VPP's if `None`.
    pub socket_mode: Option<u32>,
}

/// Which end of a memif.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MemifRole {
    /// Listens on the socket.
    Master,
    /// Connects to the socket, and provides the memory.
    Slave,
}

impl MemifRole {
    /// The role of the other end.
    #[must_use]
    pub fn inverse(self) -> Self {
        match self {
            Self::Master => Self::Slave,
            Self::Slave => Self::Master,
        }
    }
}

impl Choice for MemifRole {
    const ALL: &'static [(&'static str, Self)] =
        &[("master", Self::Master), ("slave", Self::Slave)];
}

/// What a memif carries.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum MemifMode {
    /// Ethernet frames.
    #[default]
    Ethernet,
    /// IP packets: no MAC address, no bridge domain.
    Ip,
}

impl Choice for MemifMode {
    const ALL: &'static [(&'static str, Self)] = &[("ethernet", Self::Ethernet), ("ip", Self::Ip)];
    const UNSUPPORTED: &'static [(&'static str, &'static str)] =
        &[("inject-punt", "VPP crashes on it")];
}

/// Where the name of a memif's socket is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum SocketType {
    /// In a folder.
    #[default]
    File,
    /// In the network namespace of the container: an abstract socket, which needs no shared
    /// folder and disappears with its owner.
    Abstract,
}

impl Choice for SocketType {
    const ALL: &'static [(&'static str, Self)] =
        &[("file", Self::File), ("abstract", Self::Abstract)];
}

pub(super) const KEYS: &[&str] = &[
    "role",
    "mode",
    "socketfile",
    "socketType",
    "id",
    "ringSize",
    "bufferSize",
    "rxQueues",
    "txQueues",
    "secret",
    "group",
    "socketMode",
];

impl Memif {
    /// Reads the object; `host` has the defaults of a container.
    pub(super) fn read(fields: &Fields<'_>, host: Option<&Self>, problems: &mut Problems) -> Self {
        fields.refuse_others(KEYS, problems);
        let role = choice::read(fields, "role", problems);
        if role.is_none() && host.is_none() && fields.any("role").is_none_or(|it| it == "") {
            let name = fields.name("role");
            problems.invalid(format!("{name} is missing (master or slave)"));
        }
        let role = role.or(host.map(|it| it.role.inverse()));
        let or_host = |get: fn(&Self) -> u32, default| host.map_or(default, get);
        let ring_size = fields.number("ringSize", 32..=16384, problems);
        if let Some(size) = ring_size.filter(|it| !u32::is_power_of_two(*it)) {
            let name = fields.name("ringSize");
            problems.invalid(format!("{name} {size} is not a power of two"));
        }
        let memif = Self {
            role: role.unwrap_or(MemifRole::Master),
            mode: choice::read(fields, "mode", problems)
                .unwrap_or(host.map_or_else(MemifMode::default, |it| it.mode)),
            socket_file: read_file(fields, problems)
                .or_else(|| host.and_then(|it| it.socket_file.clone())),
            socket_type: choice::read(fields, "socketType", problems)
                .unwrap_or(host.map_or_else(SocketType::default, |it| it.socket_type)),
            id: (fields.number("id", 0..=u32::MAX, problems)).unwrap_or(or_host(|it| it.id, 0)),
            ring_size: ring_size.unwrap_or(or_host(|it| it.ring_size, 1024)),
            buffer_size: (fields.number("bufferSize", 128..=u16::MAX, problems))
                .unwrap_or(host.map_or(2048, |it| it.buffer_size)),
            rx_queues: (fields.number("rxQueues", 1..=u8::MAX, problems))
                .unwrap_or(host.map_or(1, |it| it.tx_queues)),
            tx_queues: (fields.number("txQueues", 1..=u8::MAX, problems))
                .unwrap_or(host.map_or(1, |it| it.rx_queues)),
            secret: secret(fields, problems).or_else(|| host.and_then(|it| it.secret.clone())),
            group: read_group(fields, problems),
            socket_mode: read_mode(fields, problems),
        };
        if memif.socket_type == SocketType::Abstract {
            refuse_ownership(fields, "an abstract socket has no file", problems);
        } else if role == Some(MemifRole::Slave) {
            refuse_ownership(fields, "the master creates the socket file", problems);
        }
        memif
    }
}

/// Reads `secret`; a problem does not contain the value.
fn secret(fields: &Fields<'_>, problems: &mut Problems) -> Option<Secret> {
    let name = fields.name("secret");
    let value = fields.any("secret")?;
    let secret = value
        .as_str()
        .ok_or("is not a string")
        .and_then(Secret::new);
    match secret {
        Ok(secret) => Some(secret),
        Err(why) => {
            problems.invalid(format!("{name} \"***\" {why}"));
            None
        }
    }
}

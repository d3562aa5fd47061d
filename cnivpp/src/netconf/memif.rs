use std::fmt;

use super::choice::{self, Choice};
use super::socket::{SocketFile, check_no_ownership, read_file, read_group, read_mode};
use crate::cni::fields::{Fields, Problems};

/// One end of a memif.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Memif {
    /// The role of this end.
    pub role: MemifRole,
    /// What the memif carries.
    pub mode: MemifMode,
    /// The name of the socket. If `None`, the plugin chooses one.
    pub socket_file: Option<SocketFile>,
    /// The namespace of the socket's name.
    pub socket_type: SocketType,
    /// The memif ID on the socket.
    pub id: u32,
    /// Entries per ring, a power of two. The slave's value is used.
    pub ring_size: u32,
    /// Bytes per buffer. The slave's value is used.
    pub buffer_size: u16,
    /// Receive queues of this end.
    pub rx_queues: u8,
    /// Transmit queues of this end.
    pub tx_queues: u8,
    /// The secret, which both ends must share.
    pub secret: Option<Secret>,
    /// The group of the socket file, as name or ID. If `None`, VPP's.
    pub group: Option<String>,
    /// The permissions of the socket file. If `None`, VPP's.
    pub socket_mode: Option<u32>,
}

/// The role of one end of a memif.
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
        &[("inject-punt", "it crashes VPP")];
}

/// The namespace of a memif socket's name.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum SocketType {
    /// The file system.
    #[default]
    File,
    /// The network namespace of the container: an abstract socket. It needs no shared folder and
    /// disappears with its owner.
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
    /// Reads the object. The container's end takes its defaults from `host`.
    pub(super) fn read(fields: &Fields<'_>, host: Option<&Self>, problems: &mut Problems) -> Self {
        fields.reject_others(KEYS, problems);
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
            check_no_ownership(fields, "an abstract socket has no file", problems);
        } else if role == Some(MemifRole::Slave) {
            check_no_ownership(fields, "the master creates the socket file", problems);
        }
        memif
    }
}

/// Reads `secret`. Problems do not contain the value.
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

/// The secret of a memif. Its `Debug` form is `***`.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// The number of bytes that VPP compares.
    pub const MAX_LEN: usize = 23;

    /// Checks a secret.
    ///
    /// # Errors
    /// When it is empty, longer than [`Secret::MAX_LEN`] bytes, or contains NUL. The message does
    /// not contain it.
    pub fn new(text: &str) -> Result<Self, &'static str> {
        if text.is_empty() {
            Err("is empty")
        } else if text.len() > Self::MAX_LEN {
            Err("is longer than 23 bytes")
        } else if text.contains('\0') {
            Err("contains NUL")
        } else {
            Ok(Self(text.to_owned()))
        }
    }

    /// Returns the secret.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

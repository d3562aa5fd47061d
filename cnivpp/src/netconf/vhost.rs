use super::choice::{self, Choice};
use super::socket::{SocketFile, check_no_ownership, read_file, read_group, read_mode};
use crate::cni::fields::{Fields, Problems};

/// One end of a vhost-user interface.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vhost {
    /// The role of this end.
    pub mode: VhostMode,
    /// The name of the socket file. If `None`, the plugin chooses one.
    pub socket_file: Option<SocketFile>,
    /// The group of the socket file, as name or ID. If `None`, VPP's.
    pub group: Option<String>,
    /// The permissions of the socket file. If `None`, VPP's.
    pub socket_mode: Option<u32>,
    /// Whether segmentation is offloaded.
    pub gso: bool,
    /// Whether packed rings are offered.
    pub packed: bool,
}

/// The role of one end of a vhost-user interface.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum VhostMode {
    /// Listens on the socket.
    #[default]
    Server,
    /// Connects to the socket.
    Client,
}

impl VhostMode {
    /// The mode of the other end.
    #[must_use]
    pub fn inverse(self) -> Self {
        match self {
            Self::Server => Self::Client,
            Self::Client => Self::Server,
        }
    }
}

impl Choice for VhostMode {
    const ALL: &'static [(&'static str, Self)] =
        &[("server", Self::Server), ("client", Self::Client)];
}

pub(super) const KEYS: &[&str] = &["mode", "socketfile", "group", "socketMode", "gso", "packed"];

impl Vhost {
    /// Reads the object. The container's end takes its defaults from `host`.
    pub(super) fn read(fields: &Fields<'_>, host: Option<&Self>, problems: &mut Problems) -> Self {
        fields.reject_others(KEYS, problems);
        let inverse = host.map_or_else(VhostMode::default, |it| it.mode.inverse());
        let flag = |key, get: fn(&Self) -> bool, problems: &mut Problems| {
            fields.flag(key, problems).unwrap_or(host.is_some_and(get))
        };
        let vhost = Self {
            mode: choice::read(fields, "mode", problems).unwrap_or(inverse),
            socket_file: read_file(fields, problems)
                .or_else(|| host.and_then(|it| it.socket_file.clone())),
            group: read_group(fields, problems),
            socket_mode: read_mode(fields, problems),
            gso: flag("gso", |it| it.gso, problems),
            packed: flag("packed", |it| it.packed, problems),
        };
        if vhost.mode == VhostMode::Client {
            check_no_ownership(fields, "the server creates the socket file", problems);
        }
        vhost
    }
}

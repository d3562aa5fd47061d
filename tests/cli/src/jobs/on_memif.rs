use std::collections::HashSet;
use std::path::Path;

use clap::{Args, ValueEnum};
use cnivpp::api::{MacAddress, memif};
use cnivpp::engine::{Step, steps};

use super::{folder, link_up};
use crate::Session;
use crate::failure::Failure;
use crate::session::random_mac;
use crate::status::Status;

/// The options of a memif.
#[derive(Debug, Clone, Args)]
pub struct MemifOptions {
    /// The socket file; a relative one is in VPP's runtime folder [default: a new one there]
    #[arg(long, value_name = "PATH")]
    pub socket_file: Option<String>,

    /// VPP's number for the socket file [default: the one that the file has, else a free one]
    #[arg(long, value_name = "ID")]
    pub socket_id: Option<u32>,

    /// Which end VPP is
    #[arg(long, value_enum, default_value_t)]
    pub role: Role,

    /// What the memif carries
    #[arg(long, value_enum, default_value_t)]
    pub mode: Mode,

    /// The memif's number on its socket [default: the lowest that is free]
    #[arg(long, value_name = "ID")]
    pub id: Option<u32>,

    /// The MAC address [default: made up]
    #[arg(long, value_name = "MAC")]
    pub mac: Option<MacAddress>,
}

/// Which end of a memif VPP is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum Role {
    /// VPP listens on the socket file
    #[default]
    Master,
    /// VPP connects to the socket file
    Slave,
}

/// What a memif carries.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum Mode {
    /// Ethernet frames
    #[default]
    Ethernet,
    /// IP packets
    Ip,
}

impl MemifOptions {
    /// Refuses what VPP would refuse or not survive.
    pub(super) fn validate(&self) -> Result<(), Failure> {
        let refused = |text: &str| Err(Failure::new(Status::Usage, text));
        if self.mode == Mode::Ip && self.mac.is_some() {
            return refused("--mac: a memif in --mode ip has no MAC address");
        }
        if self.mac.is_some_and(|mac| mac.0[0] & 1 != 0) {
            return refused("--mac: this is the address of a group");
        }
        if matches!(self.socket_id, Some(0 | u32::MAX)) {
            return refused("--socket-id: 0 is VPP's own, and 4294967295 is no number");
        }
        let name = self.socket_file.as_deref();
        match name.map(|name| memif::validate_socket_name(name, self.role.into())) {
            Some(Err(error)) => refused(&format!("--socket-file: {error}")),
            _ => Ok(()),
        }
    }

    /// Socket, memif, tag, up.
    pub(super) async fn create(&self, session: &mut Session) -> Result<(), Failure> {
        let filename = match &self.socket_file {
            Some(filename) => filename.clone(),
            None => format!("{}.sock", session.run()),
        };
        if self.role == Role::Master && Path::new(&filename).is_absolute() {
            folder::make(session, Path::new(&filename)).await?;
        }
        let socket = steps::MemifSocket {
            id: self.socket_id,
            is_own_name: self.socket_file.is_none(),
            ..steps::MemifSocket::new(&filename, self.role.into())
        };
        session.step(Step::MemifSocket(socket)).await?;
        let memif = self.parameters(session).await?;
        let memif = steps::Memif::new(filename, memif);
        session.step(Step::Memif(memif)).await?;
        link_up::tag_and_set_up(session).await
    }

    /// The memif's parameters, with the lowest number that is free on its socket.
    async fn parameters(&self, session: &Session) -> Result<memif::Create, Failure> {
        let id = match self.id {
            Some(id) => id,
            None => {
                let all = memif::dump(&session.client()).await?;
                let on_socket = all
                    .iter()
                    .filter(|it| Some(it.socket_id) == session.socket_id());
                let used: HashSet<u32> = on_socket.map(|it| it.id).collect();
                (0..u32::MAX).find(|id| !used.contains(id)).unwrap_or(0)
            }
        };
        let mac = match self.mode {
            Mode::Ethernet => Some(self.mac.unwrap_or_else(random_mac)),
            Mode::Ip => None,
        };
        Ok(memif::Create {
            id,
            role: self.role.into(),
            mode: self.mode.into(),
            mac,
            ..Default::default()
        })
    }
}

impl From<Role> for memif::Role {
    fn from(role: Role) -> Self {
        match role {
            Role::Master => Self::Master,
            Role::Slave => Self::Slave,
        }
    }
}

impl From<Mode> for memif::Mode {
    fn from(mode: Mode) -> Self {
        match mode {
            Mode::Ethernet => Self::Ethernet,
            Mode::Ip => Self::Ip,
        }
    }
}

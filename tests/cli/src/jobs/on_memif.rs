use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use cnivpp::api::{InterfaceIndex, MacAddress, memif};

use super::{folder, link_up};
use crate::Session;
use crate::failure::Failure;
use crate::report::Step;
use crate::session::{Created, random_mac};
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
        match self.socket_file.as_deref().map(str::len) {
            Some(0) => refused("--socket-file: the path is empty"),
            Some(108..) => refused("--socket-file: a socket's path has at most 107 bytes"),
            _ => Ok(()),
        }
    }

    /// Socket, memif, tag, up.
    pub(super) async fn create(&self, session: &mut Session) -> Result<InterfaceIndex, Failure> {
        let filename = match &self.socket_file {
            Some(filename) => filename.clone(),
            None => format!("{}.sock", session.run()),
        };
        if self.role == Role::Master && Path::new(&filename).is_absolute() {
            folder::make(session, &PathBuf::from(&filename))?;
        }
        let socket_id = self.add_socket(session, &filename).await?;
        let index = self.create_on(session, socket_id).await?;
        link_up::tag(session, index).await?;
        link_up::set_up(session, index).await?;
        Ok(index)
    }

    async fn add_socket(&self, session: &mut Session, filename: &str) -> Result<u32, Failure> {
        let client = session.client();
        let all = memif::dump_sockets(&client).await?;
        let wanted = |it: &&memif::Socket| {
            memif::is_same_file(it, filename, &all) && self.socket_id.is_none_or(|id| it.id == id)
        };
        if let Some(found) = all.iter().find(wanted) {
            session.say(&format!(
                "  memif socket {} is there already, and stays",
                found.id
            ));
            return Ok(found.id);
        }
        let made = Created::MemifSocket {
            id: self.socket_id,
            filename: filename.to_owned(),
            before: all.iter().map(|it| it.id).collect(),
            listens: self.role == Role::Master,
        };
        let asked = memif::add_socket(&client, self.socket_id, filename);
        session
            .step("add the memif socket", Some(made), asked, |id, made| {
                if let Some(Created::MemifSocket { id: noted, .. }) = made {
                    *noted = Some(*id);
                }
                Step {
                    text: format!("memif socket {id} added, {filename}"),
                    id: Some(*id),
                    ..Step::default()
                }
            })
            .await
    }

    async fn create_on(
        &self,
        session: &mut Session,
        socket_id: u32,
    ) -> Result<InterfaceIndex, Failure> {
        let client = session.client();
        let all = memif::dump(&client).await?;
        let is_used = |id: u32| {
            let mut all = all.iter();
            all.any(|it| it.socket_id == socket_id && it.id == id)
        };
        let id = match self.id {
            Some(id) => id,
            None => (0..u32::MAX).find(|id| !is_used(*id)).unwrap_or(0),
        };
        let (role, mode) = (self.role.into(), self.mode.into());
        let mac = match self.mode {
            Mode::Ethernet => Some(self.mac.unwrap_or_else(random_mac)),
            Mode::Ip => None,
        };
        let memif = memif::Create {
            socket_id,
            id,
            role,
            mode,
            mac,
            ..Default::default()
        };
        let made = Created::Memif {
            sw_if_index: None,
            socket_id,
            id,
            mac,
        };
        let asked = memif::create(&client, &memif);
        session
            .step("create the memif", Some(made), asked, |index, made| {
                if let Some(Created::Memif { sw_if_index, .. }) = made {
                    *sw_if_index = Some(*index);
                }
                Step {
                    text: format!("memif{socket_id}/{id} created, interface {}", index.0),
                    sw_if_index: Some(index.0),
                    ..Step::default()
                }
            })
            .await
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

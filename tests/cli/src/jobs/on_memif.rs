use std::collections::HashSet;
use std::path::Path;

use clap::{Args, ValueEnum};
use cnivpp::api::{MacAddress, memif};
use cnivpp::engine::{Step, steps};

use crate::Run;
use crate::failure::{Failure, Status};
use crate::run::random_mac;

/// The options of a memif.
#[derive(Debug, Clone, Args)]
pub struct MemifOptions {
    /// The socket file; a relative one is in VPP's runtime folder [default: a new one there]
    #[arg(long, value_name = "PATH")]
    pub socket_file: Option<String>,

    /// The ID of the socket file [default: the one that it has, else a free one]
    #[arg(long, value_name = "ID")]
    pub socket_id: Option<u32>,

    /// VPP's end of the memif
    #[arg(long, value_enum, default_value_t)]
    pub role: Role,

    /// What the memif carries
    #[arg(long, value_enum, default_value_t)]
    pub mode: Mode,

    /// The memif's ID on its socket [default: the lowest free one]
    #[arg(long, value_name = "ID")]
    pub id: Option<u32>,

    /// The MAC address [default: random]
    #[arg(long, value_name = "MAC")]
    pub mac: Option<MacAddress>,
}

/// VPP's end of a memif.
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
    /// Refuses values that VPP would refuse or that would crash it.
    pub(super) fn validate(&self) -> Result<(), Failure> {
        let refused = |text: &str| Err(Failure::new(Status::Usage, text));
        if self.mode == Mode::Ip && self.mac.is_some() {
            return refused("--mac: a memif in --mode ip has no MAC address");
        }
        if self.mac.is_some_and(|mac| mac.0[0] & 1 != 0) {
            return refused("--mac: the MAC address is a multicast address");
        }
        if matches!(self.socket_id, Some(0 | u32::MAX)) {
            return refused("--socket-id: out of range (1 to 4294967294)");
        }
        let name = self.socket_file.as_deref();
        match name.map(|name| memif::validate_socket_name(name, self.role.into())) {
            Some(Err(error)) => refused(&format!("--socket-file: {error}")),
            _ => Ok(()),
        }
    }

    /// Adds the socket, creates the memif, tags it, and sets it up.
    pub(super) async fn create(&self, run: &mut Run) -> Result<(), Failure> {
        let filename = match &self.socket_file {
            Some(filename) => filename.clone(),
            None => format!("{}.sock", run.name()),
        };
        if self.role == Role::Master && Path::new(&filename).is_absolute() {
            run.create_folders(Path::new(&filename)).await?;
        }
        let socket = steps::MemifSocket {
            id: self.socket_id,
            is_own_name: self.socket_file.is_none(),
            ..steps::MemifSocket::new(&filename, self.role.into())
        };
        run.step(Step::MemifSocket(socket)).await?;
        let memif = self.parameters(run).await?;
        let memif = steps::Memif::new(filename, memif);
        run.step(Step::Memif(memif)).await?;
        run.tag_and_set_up().await
    }

    /// The memif's parameters. The ID is the lowest free one on its socket unless set.
    async fn parameters(&self, run: &Run) -> Result<memif::Create, Failure> {
        let id = match self.id {
            Some(id) => id,
            None => {
                let all = memif::dump(&run.client()).await?;
                let on_socket = all
                    .iter()
                    .filter(|it| Some(it.socket_id) == run.socket_id());
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

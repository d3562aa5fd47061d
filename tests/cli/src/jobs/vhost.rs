use std::path::{Path, PathBuf};

use clap::{Parser, ValueEnum};
use cnivpp::api::infra::AnyOf;
use cnivpp::api::{MacAddress, interface, vhostuser};
use cnivpp::engine::{Place, Step, steps};

use super::{ADDRESS, BRIDGE, COMMON, Job, VHOST, bridging, folder, link_up};
use crate::Session;
use crate::failure::Failure;
use crate::options::Common;
use crate::status::{HELP, Status};

/// Creates a vhost-user interface in a bridge domain, shows it, and takes everything back.
#[derive(Debug, Clone, Parser)]
#[command(name = "vhostUserAddDel", version, after_help = HELP)]
pub struct VhostUserAddDel {
    #[command(flatten)]
    common: Common,

    /// The socket file [default: a new one beside VPP's API socket]
    #[arg(long, value_name = "PATH")]
    socket_file: Option<PathBuf>,

    /// Which end VPP is
    #[arg(long, value_enum, default_value_t)]
    role: End,

    /// The last number of the interface's name [default: VPP counts]
    #[arg(long, value_name = "ID")]
    id: Option<u32>,

    /// The MAC address [default: VPP makes one up]
    #[arg(long, value_name = "MAC")]
    mac: Option<MacAddress>,

    /// The bridge domain, which is created if it is missing [default: a new one]
    #[arg(long, value_name = "ID", value_parser = clap::value_parser!(u32).range(1..=0xff_ffff))]
    bridge: Option<u32>,
}

/// Which end of a vhost-user interface VPP is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum End {
    /// VPP listens on the socket file
    #[default]
    Server,
    /// VPP connects to the socket file
    Client,
}

impl VhostUserAddDel {
    /// The path as VPP is to see it: VPP's own working folder is none of the user's business.
    fn filename(&self, session: &Session) -> Result<String, Failure> {
        let beside = || {
            let folder = session.socket().parent().unwrap_or(Path::new("/"));
            folder.join(format!("{}.sock", session.run()))
        };
        let path = self.socket_file.clone().unwrap_or_else(beside);
        let bad = |text: String| Failure::new(Status::Usage, format!("--socket-file: {text}"));
        let path = std::path::absolute(path).map_err(|error| bad(error.to_string()))?;
        let text = path.into_os_string().into_string();
        let text = text.map_err(|path| bad(format!("{} is not UTF-8", path.display())))?;
        if text.len() > 107 {
            let text = format!("a socket's path has at most 107 bytes, and {text} has more");
            return Err(bad(text));
        }
        Ok(text)
    }

    /// VPP gives two interfaces the same name without a word.
    async fn check_id(&self, session: &Session) -> Result<(), Failure> {
        let Some(id) = self.id else {
            return Ok(());
        };
        let name = format!("VirtualEthernet0/0/{id}");
        let all = interface::dump(&session.client()).await?;
        if all.iter().any(|it| it.name == name) {
            let text = format!("--id: there is an interface {name} already");
            return Err(Failure::new(Status::Usage, text));
        }
        Ok(())
    }
}

impl Job for VhostUserAddDel {
    const NAME: &'static str = "vhostUserAddDel";

    fn common(&self) -> &Common {
        &self.common
    }

    fn needs(&self) -> Vec<(&'static str, &'static [AnyOf])> {
        vec![COMMON, VHOST, BRIDGE, ADDRESS]
    }

    fn validate(&self) -> Result<(), Failure> {
        if self.mac.is_some_and(|mac| mac.0[0] & 1 != 0) {
            let text = "--mac: this is the address of a group";
            return Err(Failure::new(Status::Usage, text));
        }
        if self
            .socket_file
            .as_ref()
            .is_some_and(|it| it.as_os_str().is_empty())
        {
            let text = "--socket-file: the path is empty";
            return Err(Failure::new(Status::Usage, text));
        }
        Ok(())
    }

    async fn run(&self, session: &mut Session) -> Result<(), Failure> {
        let filename = self.filename(session)?;
        self.check_id(session).await?;
        if self.role == End::Server {
            folder::make(session, Path::new(&filename)).await?;
        }
        let vhost = steps::VhostUser {
            place: Place::of(Path::new(&filename)),
            create: vhostuser::Create {
                filename,
                is_server: self.role == End::Server,
                instance: self.id,
                mac: self.mac,
                ..Default::default()
            },
        };
        session.step(Step::VhostUser(vhost)).await?;
        link_up::tag_and_set_up(session).await?;
        bridging::join(session, self.bridge).await
    }
}

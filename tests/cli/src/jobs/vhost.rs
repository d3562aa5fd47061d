use std::path::{Path, PathBuf};

use clap::{Parser, ValueEnum};
use cnivpp::api::infra::AnyOf;
use cnivpp::api::{MacAddress, interface, vhostuser};
use cnivpp::engine::{FileLocation, Step, steps};

use super::{ADDRESS, BRIDGE, COMMON, Job, VHOST};
use crate::Run;
use crate::failure::{Failure, HELP, Status};
use crate::options::Common;

/// Creates a vhost-user interface in a bridge domain, shows it, and removes everything
#[derive(Debug, Clone, Parser)]
#[command(name = "vhostUserAddDel", version, after_help = HELP)]
pub struct VhostUserAddDel {
    #[command(flatten)]
    common: Common,

    /// The socket file [default: a new one beside VPP's API socket]
    #[arg(long, value_name = "PATH")]
    socket_file: Option<PathBuf>,

    /// VPP's end of the interface
    #[arg(long, value_enum, default_value_t)]
    role: End,

    /// The last number of the interface's name [default: chosen by VPP]
    #[arg(long, value_name = "ID")]
    id: Option<u32>,

    /// The MAC address [default: chosen by VPP]
    #[arg(long, value_name = "MAC")]
    mac: Option<MacAddress>,

    /// The bridge domain, which is created if it is missing [default: a new one]
    #[arg(long, value_name = "ID", value_parser = clap::value_parser!(u32).range(1..=0xff_ffff))]
    bridge: Option<u32>,
}

/// VPP's end of a vhost-user interface.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum End {
    /// VPP listens on the socket file
    #[default]
    Server,
    /// VPP connects to the socket file
    Client,
}

impl VhostUserAddDel {
    /// The absolute path of the socket file: VPP has another working folder.
    fn filename(&self, run: &Run) -> Result<String, Failure> {
        let beside = || {
            let folder = run.socket().parent().unwrap_or(Path::new("/"));
            folder.join(format!("{}.sock", run.name()))
        };
        let path = self.socket_file.clone().unwrap_or_else(beside);
        let bad = |text: String| Failure::new(Status::Usage, format!("--socket-file: {text}"));
        let path = std::path::absolute(path).map_err(|error| bad(error.to_string()))?;
        let text = path.into_os_string().into_string();
        let text = text.map_err(|path| bad(format!("{} is not UTF-8", path.display())))?;
        if text.len() > 107 {
            let text = format!("{text} has {} bytes, at most 107 are possible", text.len());
            return Err(bad(text));
        }
        Ok(text)
    }

    /// Refuses a name that another interface has: VPP does not check that.
    async fn check_id(&self, run: &Run) -> Result<(), Failure> {
        let Some(id) = self.id else {
            return Ok(());
        };
        let name = format!("VirtualEthernet0/0/{id}");
        let all = interface::dump(&run.client()).await?;
        if all.iter().any(|it| it.name == name) {
            let text = format!("--id: interface {name} already exists");
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
            let text = "--mac: the MAC address is a multicast address";
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

    async fn run(&self, run: &mut Run) -> Result<(), Failure> {
        let filename = self.filename(run)?;
        self.check_id(run).await?;
        if self.role == End::Server {
            run.create_folders(Path::new(&filename)).await?;
        }
        let vhost = steps::VhostUser {
            location: FileLocation::of(Path::new(&filename)),
            create: vhostuser::Create {
                filename,
                is_server: self.role == End::Server,
                instance: self.id,
                mac: self.mac,
                ..Default::default()
            },
        };
        run.step(Step::VhostUser(vhost)).await?;
        run.tag_and_set_up().await?;
        run.join_bridge(self.bridge).await
    }
}

use clap::Parser;
use cnivpp::api::infra::AnyOf;

use super::on_memif::{MemifOptions, Mode};
use super::{ADDRESS, BRIDGE, COMMON, Job, MEMIF};
use crate::Run;
use crate::failure::{Failure, HELP, Status};
use crate::options::Common;

/// Creates a memif in a bridge domain, shows it, and removes everything
#[derive(Debug, Clone, Parser)]
#[command(name = "memifAddDel", version, after_help = HELP)]
pub struct MemifAddDel {
    #[command(flatten)]
    common: Common,

    #[command(flatten)]
    memif: MemifOptions,

    /// The bridge domain, which is created if it is missing [default: a new one]
    #[arg(long, value_name = "ID", value_parser = clap::value_parser!(u32).range(1..=0xff_ffff))]
    bridge: Option<u32>,
}

impl Job for MemifAddDel {
    const NAME: &'static str = "memifAddDel";

    fn common(&self) -> &Common {
        &self.common
    }

    fn needs(&self) -> Vec<(&'static str, &'static [AnyOf])> {
        vec![COMMON, MEMIF, BRIDGE, ADDRESS]
    }

    fn validate(&self) -> Result<(), Failure> {
        if self.memif.mode == Mode::Ip && self.bridge.is_some() {
            let text = "--bridge: a memif in --mode ip does not carry Ethernet frames";
            return Err(Failure::new(Status::Usage, text));
        }
        self.memif.validate()
    }

    async fn run(&self, run: &mut Run) -> Result<(), Failure> {
        self.memif.create(run).await?;
        if self.memif.mode == Mode::Ip {
            run.print_line(
                "  no bridge domain: a memif in --mode ip does not carry Ethernet frames",
            );
            return Ok(());
        }
        run.join_bridge(self.bridge).await
    }
}

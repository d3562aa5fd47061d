use clap::Parser;
use cnivpp::api::address;
use cnivpp::api::infra::AnyOf;
use cnivpp::engine::{Step, steps};
use ipnet::IpNet;

use super::on_memif::MemifOptions;
use super::{ADDRESS, BRIDGE, COMMON, Job, MEMIF};
use crate::Run;
use crate::failure::{Failure, HELP};
use crate::options::Common;

/// Creates a memif with addresses, shows it, and removes everything
#[derive(Debug, Clone, Parser)]
#[command(name = "ipAddDel", version, after_help = HELP)]
pub struct IpAddDel {
    #[command(flatten)]
    common: Common,

    #[command(flatten)]
    memif: MemifOptions,

    /// An address with the length of its prefix, IPv4 or IPv6; may be given several times
    #[arg(
        long = "address",
        value_name = "ADDRESS/LENGTH",
        default_values = ["192.0.2.1/24", "2001:db8::1/64"]
    )]
    addresses: Vec<IpNet>,
}

impl Job for IpAddDel {
    const NAME: &'static str = "ipAddDel";

    fn common(&self) -> &Common {
        &self.common
    }

    fn needs(&self) -> Vec<(&'static str, &'static [AnyOf])> {
        vec![COMMON, MEMIF, ADDRESS, BRIDGE]
    }

    fn validate(&self) -> Result<(), Failure> {
        for address in &self.addresses {
            address::validate(*address)?;
        }
        self.memif.validate()
    }

    async fn run(&self, run: &mut Run) -> Result<(), Failure> {
        self.memif.create(run).await?;
        for address in self.addresses.iter().copied() {
            let address = steps::Address { address };
            run.step(Step::Address(address)).await?;
        }
        Ok(())
    }
}

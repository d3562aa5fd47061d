//! The jobs of the programs.

mod ip;
mod memif;
mod on_memif;
mod vhost;

use std::future::Future;

use cnivpp::api::infra::AnyOf;

use crate::Run;
use crate::failure::Failure;
use crate::options::Common;

pub use ip::IpAddDel;
pub use memif::MemifAddDel;
pub use on_memif::{Mode, Role};
pub use vhost::{End, VhostUserAddDel};

/// What a program does between connecting and removing everything.
pub trait Job {
    /// The program's name.
    const NAME: &'static str;

    /// The options that all programs have.
    fn common(&self) -> &Common;

    /// The messages that VPP must have, with the plugin that has them.
    fn needs(&self) -> Vec<(&'static str, &'static [AnyOf])>;

    /// Checks the options before anything is sent to VPP.
    ///
    /// # Errors
    /// The options are invalid; the error names the first fault.
    fn validate(&self) -> Result<(), Failure>;

    /// Does the steps.
    ///
    /// # Errors
    /// The error of the first step that fails. `run` keeps what has to be removed.
    fn run(&self, run: &mut Run) -> impl Future<Output = Result<(), Failure>>;
}

/// The needs of every program.
const COMMON: (&str, &[AnyOf]) = ("VPP itself", cnivpp::api::interface::NEEDS);
/// The needs of memifs.
const MEMIF: (&str, &[AnyOf]) = ("the memif plugin", cnivpp::api::memif::NEEDS);
/// The needs of bridge domains.
const BRIDGE: (&str, &[AnyOf]) = ("VPP itself", cnivpp::api::bridge::NEEDS);
/// The needs of addresses.
const ADDRESS: (&str, &[AnyOf]) = ("VPP itself", cnivpp::api::address::NEEDS);
/// The needs of vhost-user interfaces.
const VHOST: (&str, &[AnyOf]) = ("the vhost plugin", cnivpp::api::vhostuser::NEEDS);

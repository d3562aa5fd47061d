//! What each program does, step by step.

mod bridging;
mod folder;
mod ip;
mod link_up;
mod memif;
mod on_memif;
mod vhost;

use std::future::Future;

use cnivpp::api::infra::AnyOf;

use crate::Session;
use crate::failure::Failure;
use crate::options::Common;

pub use ip::IpAddDel;
pub use memif::MemifAddDel;
pub use on_memif::{Mode, Role};
pub use vhost::{End, VhostUserAddDel};

/// What a program does between connecting and taking everything back.
pub trait Job {
    /// The program's name.
    const NAME: &'static str;

    /// The options that all programs have.
    fn common(&self) -> &Common;

    /// What VPP must have, with the plugin that brings it.
    fn needs(&self) -> Vec<(&'static str, &'static [AnyOf])>;

    /// Refuses options that make no sense, before VPP is asked for anything.
    ///
    /// # Errors
    /// What is wrong with them.
    fn validate(&self) -> Result<(), Failure>;

    /// The steps.
    ///
    /// # Errors
    /// That of the first step that fails; the session knows what is to be taken back.
    fn run(&self, session: &mut Session) -> impl Future<Output = Result<(), Failure>>;
}

/// The needs of every program.
const COMMON: (&str, &[AnyOf]) = ("VPP itself", cnivpp::api::interface::NEEDS);
/// The needs of what has to do with memifs.
const MEMIF: (&str, &[AnyOf]) = ("the memif plugin", cnivpp::api::memif::NEEDS);
/// The needs of what has to do with bridge domains.
const BRIDGE: (&str, &[AnyOf]) = ("VPP itself", cnivpp::api::bridge::NEEDS);
/// The needs of what has to do with addresses.
const ADDRESS: (&str, &[AnyOf]) = ("VPP itself", cnivpp::api::address::NEEDS);
/// The needs of what has to do with vhost-user.
const VHOST: (&str, &[AnyOf]) = ("the vhost plugin", cnivpp::api::vhostuser::NEEDS);

//! The program: a plugin if a runtime calls it, else the commands of an operator.

use std::io;
use std::process::ExitCode;

use super::{Userspace, log, operator};
use crate::cni::env::COMMAND;
use crate::cni::{self, Environment};

/// Runs `userspace`: as a plugin if `CNI_COMMAND` is set or there are no arguments, else the
/// command that the arguments name.
#[must_use]
pub fn main() -> ExitCode {
    let environment = Environment::of_process();
    let has_arguments = std::env::args_os().nth(1).is_some();
    if environment.get(COMMAND).is_none() && has_arguments {
        return operator::main();
    }
    log::start();
    let stdin = io::stdin().lock();
    cni::run(&Userspace, stdin, environment, io::stdout().lock())
}

//! The plugin `userspace`: CNI verbs and commands for operators.
//!
//! | file | what it does |
//! |---|---|
//! | `add`, `del`, `check`, `gc`, `status` | the verbs |
//! | `operator` | the commands `list`, `gc`, `restore` and `doctor` |
//! | `agent` | the node agent, and the client of its endpoints |
//! | `resolve`, `pod_end` | derive the desired state of both ends from the configuration |
//! | `socket` | the socket's names for the node, VPP and the pod, and its folder |
//! | `pod_object` | the Kubernetes pod: its shared folder and annotations |
//! | `ipam` | the addresses, and what a record needs to release them |
//! | `result`, `attachment_files`, `device` | the result of ADD and the files that it writes |
//! | `node` | records and locks |
//! | `removal`, `sweep`, `restore` | remove an attachment by its record; find stale records; recreate attachments |
//! | `unrecorded` | removes attachments of the Go plugin, and those with an unusable record |
//! | `failure` | converts errors to CNI errors |

mod add;
mod agent;
mod attachment_files;
mod check;
mod context;
mod del;
mod device;
mod failure;
mod gc;
mod ipam;
mod log;
mod node;
mod operator;
mod pod_end;
mod pod_object;
mod removal;
mod resolve;
mod restore;
mod result;
mod socket;
mod status;
mod sweep;
mod unrecorded;

use std::io;
use std::path::Path;
use std::process::ExitCode;

use crate::cni::env::COMMAND;
use crate::cni::{self, Attachment, Call, CniResult, Environment, Plugin, Result};

/// Runs the program `userspace`: as a plugin if `CNI_COMMAND` is set or there are no arguments, or
/// else as an operator's command.
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

/// The plugin `userspace`, for [`cni::run`].
#[derive(Debug, Clone, Copy, Default)]
pub struct Userspace;

impl Plugin for Userspace {
    fn about(&self) -> String {
        let version = env!("CARGO_PKG_VERSION");
        let versions = cni::Version::ALL.map(cni::Version::as_str);
        format!(
            "userspace {version}: CNI plugin for memif and vhost-user interfaces on VPP\n\
             CNI versions: {}\n\
             It is called by a container runtime. For operators: `userspace --help`.",
            versions.join(", ")
        )
    }

    async fn add(&self, call: &Call, attachment: &Attachment, netns: &Path) -> Result<CniResult> {
        log_error(call, add::add(call, attachment, netns).await)
    }

    async fn check(
        &self,
        call: &Call,
        attachment: &Attachment,
        _netns: &Path,
        expected: &CniResult,
    ) -> Result<()> {
        log_error(call, check::check(call, attachment, expected).await)
    }

    async fn del(&self, call: &Call, attachment: &Attachment) -> Result<()> {
        log_error(call, del::del(call, attachment).await)
    }

    async fn gc(&self, call: &Call) -> Result<()> {
        log_error(call, gc::gc(call).await)
    }

    async fn status(&self, call: &Call) -> Result<()> {
        log_error(call, status::status(call).await)
    }
}

/// Logs the error of a call, because not every runtime shows it to the operator.
fn log_error<T>(call: &Call, result: Result<T>) -> Result<T> {
    result.inspect_err(|error| tracing::error!("{} failed: {error}", call.verb))
}

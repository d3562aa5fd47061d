//! The plugin `userspace`: the verbs of CNI, and the subcommands of an operator.
//!
//! | file | what it is |
//! |---|---|
//! | `add`, `del`, `check`, `gc`, `status` | the verbs |
//! | `list`, `sweep`, `restore`, `doctor` | the subcommands |
//! | `resolve`, `addresses`, `pod_end` | from the configuration to the desired state of both ends |
//! | `outcome`, `device` | what ADD leaves beside VPP: result, files |
//! | `adopt` | attachments of the Go plugin |
//! | `node` | records and locks |
//! | `removal` | removes an attachment by its record, for every verb that does |
//! | `failure` | errors as CNI reports them |

mod add;
mod addresses;
mod adopt;
mod check;
mod context;
mod del;
mod device;
mod failure;
mod gc;
mod log;
mod node;
mod operator;
mod outcome;
mod pod_end;
mod program;
mod release;
mod removal;
mod resolve;
mod status;
mod sweep;

use std::path::Path;

pub use program::main;

use crate::cni::{Attachment, Call, CniResult, Plugin, Result};

/// The plugin `userspace`, for [`cni::run`](crate::cni::run).
#[derive(Debug, Clone, Copy, Default)]
pub struct Userspace;

impl Plugin for Userspace {
    fn about(&self) -> String {
        let version = env!("CARGO_PKG_VERSION");
        let versions = crate::cni::Version::ALL.map(crate::cni::Version::as_str);
        format!(
            "userspace {version}: CNI plugin for memif and vhost-user interfaces on VPP\n\
             CNI versions: {}\n\
             A runtime calls it; see `userspace --help` for the commands of an operator.",
            versions.join(", ")
        )
    }

    async fn add(&self, call: &Call, attachment: &Attachment, netns: &Path) -> Result<CniResult> {
        logged(call, add::add(call, attachment, netns).await)
    }

    async fn check(
        &self,
        call: &Call,
        attachment: &Attachment,
        _netns: &Path,
        expected: &CniResult,
    ) -> Result<()> {
        logged(call, check::check(call, attachment, expected).await)
    }

    async fn del(&self, call: &Call, attachment: &Attachment) -> Result<()> {
        logged(call, del::del(call, attachment).await)
    }

    async fn gc(&self, call: &Call) -> Result<()> {
        logged(call, gc::gc(call).await)
    }

    async fn status(&self, call: &Call) -> Result<()> {
        logged(call, status::status(call).await)
    }
}

/// Logs the error that the runtime gets: not every runtime shows it to the operator.
fn logged<T>(call: &Call, done: Result<T>) -> Result<T> {
    done.inspect_err(|error| tracing::error!("{} failed: {error}", call.verb))
}

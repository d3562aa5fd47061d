use std::path::Path;
use std::time::{Duration, Instant};

use super::node::Node;
use super::{failure, log};
use crate::cni::{Call, Error, Result};
use crate::cni_vpp::CniVpp;
use crate::engine::Limits;
use crate::netconf::NetConf;

/// Configuration, node and deadlines of one call.
#[derive(Debug)]
pub(super) struct Context {
    pub(super) conf: NetConf,
    pub(super) node: Node,
    /// The deadline of the call, including undoing.
    pub(super) deadline: Instant,
    /// The deadline for the work, which leaves time to undo it.
    pub(super) work_deadline: Instant,
}

impl Context {
    pub(super) fn new(call: &Call) -> Result<Self> {
        Self::with(NetConf::parse(&call.conf.object)?)
    }

    /// Creates a context for DEL even if the configuration is invalid, because the record has what
    /// DEL needs. Returns the error of the configuration as well.
    pub(super) fn new_lenient(call: &Call) -> Result<(Self, Option<Error>)> {
        match NetConf::parse(&call.conf.object) {
            Ok(conf) => Ok((Self::with(conf)?, None)),
            Err(error) => {
                let conf = NetConf::parse_paths(&call.conf.object);
                Ok((Self::with(conf)?, Some(error)))
            }
        }
    }

    fn with(conf: NetConf) -> Result<Self> {
        log::configure(&conf);
        let now = Instant::now();
        let node = Node::open(&conf.state_dir, conf.durable)?;
        Ok(Self {
            node,
            deadline: now + conf.timeout,
            work_deadline: now + conf.timeout * 2 / 3,
            conf,
        })
    }

    /// Returns the limits of a walk that undoes its steps on failure.
    pub(super) fn add_limits(&self) -> Limits {
        Limits {
            add_by: Some(self.work_deadline),
            take_back_by: Some(self.work_deadline + (self.deadline - self.work_deadline) / 2),
        }
    }
}

/// Connects to VPP.
pub(super) async fn connect(socket: &Path, limits: Limits) -> Result<CniVpp> {
    let vpp = CniVpp::connect(socket, limits).await;
    vpp.map_err(|error| failure::of_vpp(&error, socket))
}

/// Returns the deadline after 1/`divisor` of the time until `deadline`.
pub(super) fn part_of_time(deadline: Instant, divisor: u32) -> Instant {
    let now = Instant::now();
    let left: Duration = deadline.saturating_duration_since(now);
    now + left / divisor
}

/// Returns the deadline for VPP in a removal, which leaves time to release the address.
pub(super) fn vpp_deadline(deadline: Instant) -> Instant {
    let now = Instant::now();
    now + deadline.saturating_duration_since(now) * 2 / 3
}

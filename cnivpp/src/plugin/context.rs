use std::path::Path;
use std::time::{Duration, Instant};

use super::node::Node;
use super::{failure, log};
use crate::cni::{Call, Error, Result};
use crate::cni_vpp::CniVpp;
use crate::engine::Limits;
use crate::netconf::NetConf;

/// Configuration, state and deadlines of one call.
#[derive(Debug)]
pub(super) struct Context {
    pub(super) conf: NetConf,
    pub(super) node: Node,
    /// When the verb has to end, undoing included.
    pub(super) deadline: Instant,
    /// When the work has to be done, so that time is left to undo it.
    pub(super) work_by: Instant,
}

impl Context {
    pub(super) fn new(call: &Call) -> Result<Self> {
        Self::with(NetConf::parse(&call.conf.object)?)
    }

    /// For DEL: a configuration that is not valid any more must not keep a pod from being
    /// deleted, since the record has what is needed. Returns what is wrong with it as well.
    pub(super) fn lenient(call: &Call) -> Result<(Self, Option<Error>)> {
        match NetConf::parse(&call.conf.object) {
            Ok(conf) => Ok((Self::with(conf)?, None)),
            Err(error) => {
                let conf = NetConf::of_paths(&call.conf.object);
                Ok((Self::with(conf)?, Some(error)))
            }
        }
    }

    pub(super) fn with(conf: NetConf) -> Result<Self> {
        log::configure(&conf);
        let now = Instant::now();
        let node = Node::open(&conf.state_dir, conf.durable)?;
        Ok(Self {
            node,
            deadline: now + conf.timeout,
            work_by: now + conf.timeout * 2 / 3,
            conf,
        })
    }

    /// The limits of a walk that does something, and undoes it on failure.
    pub(super) fn add_limits(&self) -> Limits {
        Limits {
            add_by: Some(self.work_by),
            take_back_by: Some(self.work_by + (self.deadline - self.work_by) / 2),
        }
    }
}

/// Connects to VPP, or says what to do.
pub(super) async fn connect(socket: &Path, limits: Limits) -> Result<CniVpp> {
    let vpp = CniVpp::connect(socket, limits).await;
    vpp.map_err(|error| failure::of_vpp(&error, socket))
}

/// A part of the time that is left until `by`.
pub(super) fn share(by: Instant, divisor: u32) -> Instant {
    let now = Instant::now();
    let left: Duration = by.saturating_duration_since(now);
    now + left / divisor
}

/// When VPP must have answered in a removal, so that there is time left to release the address.
pub(super) fn for_vpp(by: Instant) -> Instant {
    let now = Instant::now();
    now + by.saturating_duration_since(now) * 2 / 3
}

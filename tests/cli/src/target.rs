//! The VPP that is configured: a real one, or the simulator.

use std::path::{Path, PathBuf};

use vpp_sim::{Sim, SimThread};

use crate::failure::Failure;
use crate::options::Common;
use crate::status::Status;

/// Where VPP listens, and the simulator behind it if there is one.
#[derive(Debug)]
pub struct Target {
    socket: PathBuf,
    simulator: Option<SimThread>,
}

impl Target {
    /// What the options name.
    ///
    /// # Errors
    /// When the simulator cannot be started.
    pub fn new(options: &Common) -> Result<Self, Failure> {
        if !options.sim {
            let socket = options.socket();
            return Ok(Self {
                socket,
                simulator: None,
            });
        }
        let release = options.sim_release.unwrap_or_default();
        let simulator = Sim::builder().release(release).start_thread();
        let failed = |error| Failure::new(Status::Other, format!("no simulator: {error}"));
        let simulator = simulator.map_err(failed)?;
        Ok(Self {
            socket: simulator.socket().to_owned(),
            simulator: Some(simulator),
        })
    }

    /// Where VPP listens.
    #[must_use]
    pub fn socket(&self) -> &Path {
        &self.socket
    }

    /// Whether it is the simulator.
    #[must_use]
    pub fn is_simulator(&self) -> bool {
        self.simulator.is_some()
    }
}

//! Kills clients for faults.

use std::sync::Arc;

use rustix::process::{Pid, Signal, kill_process};

use super::core::Core;
use super::core::Flow;
use crate::run::Outbox;

impl Core {
    /// Kills the process of a connection and closes the connection.
    pub(super) fn kill(&mut self, slot: u32, own: &Arc<Outbox>, message: &str) -> Flow {
        let pid = self.run.clients.get(slot).and_then(|client| client.pid);
        if let Err(reason) = kill(pid) {
            tracing::error!(message, reason, "the client was not killed");
            self.journal
                .add_crash(format!("{message}: the client was not killed: {reason}"));
        }
        own.close(true);
        Flow::StopReading
    }
}

fn kill(pid: Option<i32>) -> Result<(), String> {
    let pid = pid
        .and_then(Pid::from_raw)
        .ok_or("its process is unknown")?;
    let own = i32::try_from(std::process::id())
        .ok()
        .and_then(Pid::from_raw);
    // Process 1 is the init process of the container or machine.
    if Some(pid) == own || pid.is_init() {
        return Err(format!("process {pid} is the simulator's own, or init"));
    }
    kill_process(pid, Signal::KILL).map_err(|error| format!("process {pid}: {error}"))
}

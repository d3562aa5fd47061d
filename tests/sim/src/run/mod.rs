//! One run of VPP, as requests see it: state, clients, message table.

mod clients;
mod message_table;
mod outbox;

pub(crate) use clients::Clients;
pub(crate) use message_table::{KnownMessage, MessageTable};
pub(crate) use outbox::Outbox;

use crate::Release;
use crate::fault::FaultPlan;
use crate::state::VppState;

/// One run of VPP. A restart replaces all but the release and the faults.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) release: Release,
    pub(crate) state: VppState,
    pub(crate) clients: Clients,
    pub(crate) table: MessageTable,
    pub(crate) faults: FaultPlan,
}

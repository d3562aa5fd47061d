//! Recreates attachments from their records after a restart of VPP.

use std::time::Instant;

use super::node::{Node, StoredRecord};
use super::{failure, socket, sweep};
use crate::attachment::{Id, Record, State};
use crate::cni::{Error, Result};
use crate::cni_vpp::CniVpp;
use crate::engine::{Limits, Numbers};
use crate::files::LockKind;

/// The outcome for one attachment.
#[derive(Debug)]
pub(super) enum Outcome {
    /// VPP lacked a part of it, which was created. Has the number of the interface.
    Restored(Option<u32>),
    /// It was complete. Has the number of the interface.
    Kept(Option<u32>),
    /// It is not to be restored, for this reason.
    Skipped(String),
    /// It could not be restored. What was created for it was undone.
    Failed(Error),
    /// It no longer exists.
    Gone,
}

/// Recreates one attachment over a connection, and returns the connection. ADD, DEL and CHECK of other
/// attachments can run meanwhile.
///
/// The record is read again under the attachment's lock, so that a DEL before this call wins.
pub(super) async fn restore_one(
    node: &Node,
    vpp: CniVpp,
    id: &Id,
    boot_id: &str,
    deadline: Instant,
) -> (CniVpp, Outcome) {
    let locked = async {
        let node_lock = node.lock(LockKind::Shared, deadline).await?;
        let own = node.lock_attachment(id, deadline).await?;
        let found = node.record(id)?;
        Ok((node_lock, own, found))
    };
    let (_node, _own, found) = match locked.await {
        Ok(locked) => locked,
        Err(error) => return (vpp, Outcome::Failed(error)),
    };
    let record = match found {
        None => return (vpp, Outcome::Gone),
        Some(StoredRecord::Unusable(why)) => return (vpp, Outcome::Failed(Error::io(why))),
        Some(StoredRecord::Valid(record)) => *record,
    };
    if let Some(why) = skip_reason(&record, boot_id) {
        return (vpp, Outcome::Skipped(why));
    }
    let (vpp, restored) = recreate(node, vpp, record, deadline).await;
    (vpp, restored.unwrap_or_else(Outcome::Failed))
}

/// Returns why an attachment is not to be restored.
pub(super) fn skip_reason(record: &Record, boot_id: &str) -> Option<String> {
    if let Some(why) = sweep::stale_reason(record, boot_id) {
        return Some(format!("{why}; `userspace gc` removes it"));
    }
    (record.state == State::Adding).then(|| "ADD did not finish".to_owned())
}

async fn recreate(
    node: &Node,
    vpp: CniVpp,
    mut record: Record,
    deadline: Instant,
) -> (CniVpp, Result<Outcome>) {
    let vpp = vpp.with_limits(Limits::until(deadline));
    let (want, vpp_socket) = (&record.want, &record.vpp_socket);
    let _network = match node.lock_network(want, vpp_socket, deadline).await {
        Ok(locks) => locks,
        Err(error) => return (vpp, Err(error)),
    };
    if let Err(error) = socket::create_folder(want) {
        return (vpp, Err(error));
    }
    let numbers = Numbers::remembered(record.sw_if_index, record.memif_socket_id);
    let (vpp, restored) = vpp.restore_on_host(&record.id, want, numbers).await;
    let restored = match restored {
        Ok(restored) => restored,
        Err(failed) => return (vpp, Err(failure::of_add(&failed, vpp_socket))),
    };
    let index = restored.numbers.interface.map(|it| it.0);
    if restored.changes == 0 {
        return (vpp, Ok(Outcome::Kept(index)));
    }
    record.sw_if_index = index;
    record.memif_socket_id = restored.numbers.socket_id;
    let stored = node.store(&record);
    (vpp, stored.map(|()| Outcome::Restored(index)))
}

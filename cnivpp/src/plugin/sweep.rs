//! Finds and removes stale attachments.

use std::collections::HashSet;
use std::path::Path;
use std::time::Instant;

use super::context::part_of_time;
use super::node::{Node, StoredRecord};
use super::removal::remove_completely;
use crate::attachment::{Record, State};
use crate::cni::Result;
use crate::cni::error::code;
use crate::files::LockKind;
use crate::localdb::NetnsId;

/// The maximum number of records that one ADD sweeps.
const MAX_PER_ADD: usize = 16;

/// Removes attachments whose DEL did not finish, and those from before a reboot. Logs errors, and
/// takes at most a quarter of the time until `deadline`. The caller must hold the node's lock.
pub(super) async fn before_add(node: &Node, boot_id: &str, deadline: Instant) {
    let deadline = part_of_time(deadline, 4);
    sweep_pending(node, boot_id, MAX_PER_ADD, deadline).await;
}

/// Does the same for all of them, and returns how many were removed.
pub(super) async fn pending(node: &Node, boot_id: &str, deadline: Instant) -> u64 {
    match node.lock(LockKind::Shared, deadline).await {
        Ok(_node) => sweep_pending(node, boot_id, usize::MAX, deadline).await,
        Err(error) => {
            tracing::warn!("cannot look for stale attachments: {error}");
            0
        }
    }
}

async fn sweep_pending(node: &Node, boot_id: &str, limit: usize, deadline: Instant) -> u64 {
    let stale = match stale(node, boot_id, limit) {
        Ok(stale) => stale,
        Err(error) => {
            tracing::warn!("cannot find stale attachments: {error}");
            return 0;
        }
    };
    let mut removed = 0;
    let mut unreachable = HashSet::new();
    for record in stale {
        if Instant::now() >= deadline {
            break;
        }
        let socket = record.vpp_socket.clone();
        if unreachable.contains(&socket) {
            continue;
        }
        match sweep_one(node, record, deadline).await {
            Ok(is_removed) => removed += u64::from(is_removed),
            Err(error) => {
                tracing::warn!("sweep: {error}");
                // Code 11: VPP is down, so its other records are skipped.
                if error.code() == code::TRY_AGAIN {
                    unreachable.insert(socket);
                }
            }
        }
    }
    removed
}

fn stale(node: &Node, boot_id: &str, limit: usize) -> Result<Vec<Record>> {
    node.mark_older_boots(boot_id)?;
    let stale = node.pending(limit)?;
    let records = stale.into_iter().filter_map(|it| match it {
        StoredRecord::Valid(record) => Some(*record),
        StoredRecord::Unusable(_) => None,
    });
    let is_stale = |it: &Record| it.state == State::Deleting || it.boot_id != boot_id;
    Ok(records.filter(is_stale).collect())
}

/// Removes one stale attachment, unless another call is working on it. Returns whether it was
/// removed.
pub(super) async fn sweep_one(node: &Node, record: Record, deadline: Instant) -> Result<bool> {
    let id = &record.id;
    let Some(_own) = node.try_lock_attachment(id)? else {
        return Ok(false);
    };
    // Another call may have removed the attachment or added it again.
    let Some(StoredRecord::Valid(now)) = node.record(id)? else {
        return Ok(true);
    };
    if now.state != record.state || now.boot_id != record.boot_id {
        return Ok(false);
    }
    remove_completely(node, *now, deadline).await.map(|()| true)
}

/// Returns why an attachment is stale: an unfinished DEL, a reboot, or a deleted network namespace.
///
/// A namespace counts as deleted only if this process sees the host's paths.
pub(super) fn stale_reason(record: &Record, boot_id: &str) -> Option<&'static str> {
    if record.state == State::Deleting {
        return Some("DEL has not finished");
    }
    if record.boot_id != boot_id {
        return Some("the node was rebooted");
    }
    let netns = record.netns.as_ref()?;
    if !is_on_host() {
        return None;
    }
    match NetnsId::of(netns) {
        Ok(found) if found != record.netns_id => Some("its network namespace is gone"),
        _ => None,
    }
}

/// Whether this process is in the host's mount namespace, in which the runtime's paths are valid.
///
/// It compares the namespace with that of process 1, if this is the host's PID namespace.
fn is_on_host() -> bool {
    /// The inode of the first PID namespace (`PROC_PID_INIT_INO` in Linux).
    const FIRST_PID_NAMESPACE: u64 = 0xEFFF_FFFC;
    let of = |name: &str| NetnsId::of(Path::new("/proc").join(name)).ok().flatten();
    let is_first = of("self/ns/pid").is_some_and(|it| it.inode == FIRST_PID_NAMESPACE);
    let own = of("self/ns/mnt");
    is_first && own.is_some() && own == of("1/ns/mnt")
}

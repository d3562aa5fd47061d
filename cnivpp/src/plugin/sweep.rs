//! Removal of attachments whose container is gone.

use std::collections::HashSet;
use std::path::Path;
use std::time::Instant;

use super::context::share;
use super::node::{Found, Node};
use super::removal::remove_completely;
use crate::attachment::{Record, State};
use crate::cni::Result;
use crate::cni::error::code;
use crate::localdb::NetnsId;

/// How many records one ADD sweeps at most, so that it still ends in time.
const MOST_PER_ADD: usize = 16;

/// Removes what an earlier DEL could not finish, and what was added before the node was
/// rebooted. ADD does not fail over it, and spends a quarter of its time at most.
pub(super) async fn before_add(node: &Node, boot_id: &str, by: Instant) {
    let stale = match stale_before_add(node, boot_id) {
        Ok(stale) => stale,
        Err(error) => {
            tracing::warn!("no sweep: {error}");
            return;
        }
    };
    let by = share(by, 4);
    let mut unreachable = HashSet::new();
    for record in stale {
        if Instant::now() >= by {
            return;
        }
        let socket = record.vpp_socket.clone();
        if unreachable.contains(&socket) {
            continue;
        }
        if let Err(error) = sweep_one(node, record, by).await {
            tracing::warn!("not swept: {error}");
            // Code 11: its VPP is down, as it is for its other records.
            if error.code() == code::TRY_AGAIN {
                unreachable.insert(socket);
            }
        }
    }
}

fn stale_before_add(node: &Node, boot_id: &str) -> Result<Vec<Record>> {
    node.note_older_boots(boot_id)?;
    let stale = node.pending(MOST_PER_ADD)?;
    let records = stale.into_iter().filter_map(|it| match it {
        Found::Record(record) => Some(*record),
        Found::SetAside(_) => None,
    });
    let is_stale = |it: &Record| it.state == State::Deleting || it.boot_id != boot_id;
    Ok(records.filter(is_stale).collect())
}

/// Removes one stale record; one that another call works on is left to that call. Returns
/// whether it was removed.
pub(super) async fn sweep_one(node: &Node, record: Record, by: Instant) -> Result<bool> {
    let id = &record.id;
    let Some(_own) = node.try_lock_attachment(id)? else {
        return Ok(false);
    };
    // Another call may have finished it, or added the attachment again.
    let Some(Found::Record(now)) = node.record(id)? else {
        return Ok(true);
    };
    if now.state != record.state || now.boot_id != record.boot_id {
        return Ok(false);
    }
    remove_completely(node, *now, by).await.map(|()| true)
}

/// Why an attachment is stale, if it is: only a reboot and a vanished network namespace count.
/// Nothing is concluded from a namespace that cannot be seen from here.
pub(super) fn is_dead(record: &Record, boot_id: &str) -> Option<&'static str> {
    if record.state == State::Deleting {
        return Some("DEL has not finished");
    }
    if record.boot_id != boot_id {
        return Some("the node was rebooted");
    }
    let netns = record.netns.as_ref()?;
    if !sees_host() {
        return None;
    }
    match NetnsId::of(netns) {
        Ok(found) if found != record.netns_id => Some("its network namespace is gone"),
        _ => None,
    }
}

/// Whether this process has the host's mount namespace, in which the runtime's paths are valid.
///
/// That is the one of process 1, if process 1 is the host's: a container has its own.
fn sees_host() -> bool {
    /// The inode of the first PID namespace (`PROC_PID_INIT_INO` in Linux).
    const FIRST_PID_NAMESPACE: u64 = 0xEFFF_FFFC;
    let of = |name: &str| NetnsId::of(Path::new("/proc").join(name)).ok().flatten();
    let is_first = of("self/ns/pid").is_some_and(|it| it.inode == FIRST_PID_NAMESPACE);
    let own = of("self/ns/mnt");
    is_first && own.is_some() && own == of("1/ns/mnt")
}

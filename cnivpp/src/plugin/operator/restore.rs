use std::process::ExitCode;

use serde::Serialize;

use super::{CommandContext, table};
use crate::attachment::{Record, State};
use crate::cni::Result;
use crate::engine::{Limits, Numbers};
use crate::files::LockKind;
use crate::localdb::boot_id;
use crate::plugin::context::{connect, part_of_time};
use crate::plugin::node::StoredRecord;
use crate::plugin::{failure, socket, sweep};

/// One line of the output.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Row {
    container_id: String,
    if_name: String,
    outcome: &'static str,
    detail: String,
}

/// Recreates every attachment from its record, which has the addresses from IPAM. Skips stale
/// attachments.
pub(super) async fn restore(context: &CommandContext) -> Result<ExitCode> {
    let _node = context
        .node
        .lock(LockKind::Exclusive, context.deadline)
        .await?;
    let boot_id = boot_id().map_err(failure::of_file)?;
    let mut rows = Vec::new();
    let all = context.node.all()?;
    let mut left = u32::try_from(all.len()).unwrap_or(u32::MAX);
    for found in all {
        match found {
            StoredRecord::Valid(record) => {
                rows.push(restore_one(context, *record, &boot_id, left).await);
            }
            StoredRecord::Unusable(why) => rows.push(Row {
                container_id: String::new(),
                if_name: String::new(),
                outcome: "failed",
                detail: why,
            }),
        }
        left = left.saturating_sub(1).max(1);
    }
    let headings = ["OUTCOME", "CONTAINER", "IFNAME", "DETAIL"];
    table::print(context.json, &rows, &headings, |it| {
        let outcome = it.outcome.to_owned();
        vec![
            outcome,
            it.container_id.clone(),
            it.if_name.clone(),
            it.detail.clone(),
        ]
    })?;
    Ok(table::status(rows.iter().all(|it| it.outcome != "failed")))
}

/// Recreates one attachment within its part of the remaining time.
async fn restore_one(context: &CommandContext, record: Record, boot_id: &str, left: u32) -> Row {
    let row = |outcome, detail: String| Row {
        container_id: record.id.container_id.clone(),
        if_name: record.id.if_name.clone(),
        outcome,
        detail,
    };
    if let Some(why) = sweep::stale_reason(&record, boot_id) {
        return row("skipped", format!("{why}; `userspace gc` removes it"));
    }
    if record.state == State::Adding {
        return row("skipped", "ADD did not finish".to_owned());
    }
    let deadline = part_of_time(context.deadline, left.min(8));
    match recreate(context, record.clone(), deadline).await {
        Ok(index) => row("restored", format!("interface {index}")),
        Err(error) => row("failed", error.to_string()),
    }
}

async fn recreate(
    context: &CommandContext,
    mut record: Record,
    deadline: std::time::Instant,
) -> Result<String> {
    let _own = context.node.lock_attachment(&record.id, deadline).await?;
    let want = &record.want;
    let vpp_socket = &record.vpp_socket;
    let _network = context
        .node
        .lock_network(want, vpp_socket, deadline)
        .await?;
    let vpp = connect(vpp_socket, Limits::until(deadline)).await?;
    socket::create_folder(want)?;
    let numbers = Numbers::remembered(record.sw_if_index, record.memif_socket_id);
    let added = vpp.add_on_host(&record.id, want, Some(numbers)).await;
    let numbers = added.map_err(|failed| failure::of_add(&failed, vpp_socket))?;
    record.sw_if_index = numbers.interface.map(|it| it.0);
    record.memif_socket_id = numbers.socket_id;
    context.node.store(&record)?;
    let index = record
        .sw_if_index
        .map_or("?".to_owned(), |it| it.to_string());
    Ok(index)
}

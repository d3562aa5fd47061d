use std::process::ExitCode;

use serde::Serialize;

use super::{Shell, table};
use crate::attachment::{Record, State};
use crate::cni::Result;
use crate::engine::{Limits, Numbers};
use crate::files::LockKind;
use crate::localdb::boot_id;
use crate::plugin::context::{connect, share};
use crate::plugin::node::{Found, file_failed};
use crate::plugin::{failure, outcome, sweep};

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Row {
    container_id: String,
    if_name: String,
    outcome: &'static str,
    detail: String,
}

/// Builds every attachment again from its record; without IPAM, whose addresses are in the
/// record. Attachments whose container is gone are left to `gc`.
pub(super) async fn restore(shell: &Shell) -> Result<ExitCode> {
    let _node = shell.node.lock(LockKind::Exclusive, shell.by).await?;
    let boot_id = boot_id().map_err(file_failed)?;
    let mut rows = Vec::new();
    let all = shell.node.all()?;
    let mut left = u32::try_from(all.len()).unwrap_or(u32::MAX);
    for found in all {
        match found {
            Found::Record(record) => rows.push(one(shell, *record, &boot_id, left).await),
            Found::SetAside(why) => rows.push(Row {
                container_id: String::new(),
                if_name: String::new(),
                outcome: "failed",
                detail: why,
            }),
        }
        left = left.saturating_sub(1).max(1);
    }
    let heads = ["OUTCOME", "CONTAINER", "IFNAME", "DETAIL"];
    table::print(shell.json, &rows, &heads, |it| {
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

/// One attachment gets its share of the time, so that one that fails does not use up the rest.
async fn one(shell: &Shell, record: Record, boot_id: &str, left: u32) -> Row {
    let row = |outcome, detail: String| Row {
        container_id: record.id.container_id.clone(),
        if_name: record.id.if_name.clone(),
        outcome,
        detail,
    };
    if let Some(why) = sweep::is_dead(&record, boot_id) {
        return row("skipped", format!("{why}; `userspace gc` removes it"));
    }
    if record.state == State::Adding {
        return row("skipped", "ADD has not finished".to_owned());
    }
    let by = share(shell.by, left.min(8));
    match build(shell, record.clone(), by).await {
        Ok(index) => row("restored", format!("interface {index}")),
        Err(error) => row("failed", error.to_string()),
    }
}

async fn build(shell: &Shell, mut record: Record, by: std::time::Instant) -> Result<String> {
    let _own = shell.node.lock_attachment(&record.id, by).await?;
    let want = &record.want;
    let socket = &record.vpp_socket;
    let _network = shell.node.lock_network(want, socket, by).await?;
    let vpp = connect(socket, Limits::until(by)).await?;
    outcome::create_folder(want)?;
    let numbers = Numbers::remembered(record.sw_if_index, record.memif_socket_id);
    let added = vpp.add_on_host(&record.id, want, Some(numbers)).await;
    let numbers = added.map_err(|failed| failure::of_add(&failed, socket))?;
    record.sw_if_index = numbers.interface.map(|it| it.0);
    record.memif_socket_id = numbers.socket_id;
    shell.node.store(&record)?;
    let index = record
        .sw_if_index
        .map_or("?".to_owned(), |it| it.to_string());
    Ok(index)
}

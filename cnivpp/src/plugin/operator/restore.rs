use std::collections::HashMap;
use std::path::PathBuf;
use std::process::ExitCode;

use serde::Serialize;

use super::{CommandContext, table};
use crate::attachment::{Id, Record};
use crate::cni::Result;
use crate::cni_vpp::CniVpp;
use crate::engine::Limits;
use crate::localdb::boot_id;
use crate::plugin::context::{connect, part_of_time};
use crate::plugin::failure;
use crate::plugin::node::StoredRecord;
use crate::plugin::restore::{Outcome, restore_one, skip_reason};

/// One line of the output.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Row {
    container_id: String,
    if_name: String,
    outcome: &'static str,
    detail: String,
}

impl Row {
    fn new(id: &Id, outcome: &'static str, detail: impl Into<String>) -> Self {
        Self {
            container_id: id.container_id.clone(),
            if_name: id.if_name.clone(),
            outcome,
            detail: detail.into(),
        }
    }
}

/// Recreates every attachment from its record, which has the addresses from IPAM. Skips stale
/// attachments.
pub(super) async fn restore(context: &CommandContext) -> Result<ExitCode> {
    let boot_id = boot_id().map_err(failure::of_file)?;
    let mut rows = Vec::new();
    let mut vpps = Connections::default();
    let all = context.node.all()?;
    let mut left = u32::try_from(all.len()).unwrap_or(u32::MAX);
    for found in all {
        match found {
            StoredRecord::Valid(record) => {
                rows.extend(restore_record(context, &mut vpps, &record, &boot_id, left).await);
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
    vpps.close().await;
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

/// Restores one attachment within its part of the remaining time. Returns `None` if a DEL has removed
/// it meanwhile.
async fn restore_record(
    context: &CommandContext,
    vpps: &mut Connections,
    record: &Record,
    boot_id: &str,
    left: u32,
) -> Option<Row> {
    let id = &record.id;
    if let Some(why) = skip_reason(record, boot_id) {
        return Some(Row::new(id, "skipped", why));
    }
    let deadline = part_of_time(context.deadline, left.min(8));
    let vpp = match vpps.take(&record.vpp_socket, Limits::until(deadline)).await {
        Ok(vpp) => vpp,
        Err(error) => return Some(Row::new(id, "failed", error.to_string())),
    };
    let (vpp, outcome) = restore_one(&context.node, vpp, id, boot_id, deadline).await;
    vpps.put_back(vpp).await;
    Some(match outcome {
        Outcome::Restored(index) | Outcome::Kept(index) => {
            let index = index.map_or("?".to_owned(), |it| it.to_string());
            Row::new(id, "restored", format!("interface {index}"))
        }
        Outcome::Skipped(why) => Row::new(id, "skipped", why),
        Outcome::Failed(error) => Row::new(id, "failed", error.to_string()),
        Outcome::Gone => return None,
    })
}

/// One connection per VPP.
#[derive(Default)]
struct Connections(HashMap<PathBuf, CniVpp>);

impl Connections {
    async fn take(&mut self, socket: &PathBuf, limits: Limits) -> Result<CniVpp> {
        match self.0.remove(socket) {
            Some(vpp) => Ok(vpp),
            None => connect(socket, limits).await,
        }
    }

    /// Keeps a connection for the next attachment, unless it is lost.
    async fn put_back(&mut self, vpp: CniVpp) {
        if vpp.link().is_up() {
            self.0.insert(vpp.link().socket().to_owned(), vpp);
        } else {
            vpp.close().await;
        }
    }

    async fn close(self) {
        for vpp in self.0.into_values() {
            vpp.close().await;
        }
    }
}

use std::process::ExitCode;

use serde::Serialize;

use super::{CommandContext, orphans, table};
use crate::cni::Result;
use crate::files::LockKind;
use crate::localdb::boot_id;
use crate::plugin::context::part_of_time;
use crate::plugin::node::StoredRecord;
use crate::plugin::{failure, sweep};

/// One line of the output.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Row {
    what: String,
    reason: String,
    outcome: String,
}

/// Removes stale attachments, and on request orphans.
pub(super) async fn gc(context: &CommandContext, with_orphans: bool) -> Result<ExitCode> {
    let _node = context
        .node
        .lock(LockKind::Exclusive, context.deadline)
        .await?;
    context.node.remove_stale_pending()?;
    let boot_id = boot_id().map_err(failure::of_file)?;
    let mut rows = Vec::new();
    for found in context.node.all()? {
        let record = match found {
            StoredRecord::Valid(record) => record,
            StoredRecord::Unusable(why) => {
                rows.push(Row {
                    what: "a record".to_owned(),
                    reason: why,
                    outcome: "set aside".to_owned(),
                });
                continue;
            }
        };
        let Some(reason) = sweep::stale_reason(&record, &boot_id) else {
            continue;
        };
        let what = record.id.to_string();
        let removed =
            sweep::sweep_one(&context.node, *record, part_of_time(context.deadline, 4)).await;
        rows.push(Row {
            what,
            reason: reason.to_owned(),
            outcome: match removed {
                Ok(true) => "removed".to_owned(),
                Ok(false) => "in use by another call".to_owned(),
                Err(error) => format!("failed: {error}"),
            },
        });
    }
    if with_orphans {
        let orphans = orphans::remove(context).await?;
        rows.extend(orphans.into_iter().map(|it| Row {
            what: it.name,
            reason: "it has no record".to_owned(),
            outcome: match it.removed {
                Ok(()) => "removed".to_owned(),
                Err(error) => format!("failed: {error}"),
            },
        }));
    }
    table::print(context.json, &rows, &["OUTCOME", "WHAT", "REASON"], |it| {
        vec![it.outcome.clone(), it.what.clone(), it.reason.clone()]
    })?;
    let is_good = rows.iter().all(|it| !it.outcome.starts_with("failed"));
    Ok(table::status(is_good))
}

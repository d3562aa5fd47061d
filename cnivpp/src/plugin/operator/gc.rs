use std::process::ExitCode;

use serde::Serialize;

use super::{Shell, table};
use crate::cni::Result;
use crate::files::LockKind;
use crate::localdb::boot_id;
use crate::plugin::context::share;
use crate::plugin::node::{Found, file_failed};
use crate::plugin::sweep;

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Row {
    pub(super) what: String,
    pub(super) reason: String,
    pub(super) outcome: String,
}

/// Removes attachments whose container is gone, and on request interfaces without a record.
pub(super) async fn gc(shell: &Shell, orphans: bool) -> Result<ExitCode> {
    let _node = shell.node.lock(LockKind::Exclusive, shell.by).await?;
    shell.node.clean_notes()?;
    let boot_id = boot_id().map_err(file_failed)?;
    let mut rows = Vec::new();
    for found in shell.node.all()? {
        let record = match found {
            Found::Record(record) => record,
            Found::SetAside(why) => {
                rows.push(Row {
                    what: "a record".to_owned(),
                    reason: why,
                    outcome: "set aside".to_owned(),
                });
                continue;
            }
        };
        let Some(reason) = sweep::is_dead(&record, &boot_id) else {
            continue;
        };
        let what = record.id.to_string();
        let removed = sweep::sweep_one(&shell.node, *record, share(shell.by, 4)).await;
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
    if orphans {
        rows.extend(super::doctor::remove_orphans(shell).await?);
    }
    table::print(shell.json, &rows, &["OUTCOME", "WHAT", "REASON"], |it| {
        vec![it.outcome.clone(), it.what.clone(), it.reason.clone()]
    })?;
    let is_good = rows.iter().all(|it| !it.outcome.starts_with("failed"));
    Ok(table::status(is_good))
}

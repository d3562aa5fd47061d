use std::collections::BTreeSet;
use std::time::Instant;

use super::context::{Context, part_of_time};
use super::failure;
use super::node::StoredRecord;
use super::removal::remove_completely;
use crate::cni::ipam::Forwarded;
use crate::cni::{Call, Delegate, Error, Result};
use crate::files::LockKind;

/// Removes the attachments of this network that the runtime does not list as valid. Continues after
/// errors, and reports all of them.
pub(super) async fn gc(call: &Call) -> Result<()> {
    let context = Context::new(call)?;
    let Some(valid) = call.conf.valid_attachments()? else {
        // Without a list, no attachment is known to be stale.
        return Ok(());
    };
    let valid: BTreeSet<(&str, &str)> = valid
        .iter()
        .map(|it| (it.container_id.as_str(), it.if_name.as_str()))
        .collect();
    let (node, deadline) = (&context.node, context.deadline);
    let _node = node.lock(LockKind::Exclusive, deadline).await?;
    node.remove_stale_pending()?;
    let mut errors = Vec::new();
    for found in node.all()? {
        let StoredRecord::Valid(record) = found else {
            continue;
        };
        let is_valid = valid.contains(&(&record.id.container_id, &record.id.if_name));
        if record.network == call.conf.name && !is_valid {
            if Instant::now() >= deadline {
                errors.push(Error::try_again(
                    "GC reached its deadline; the next GC continues",
                ));
                break;
            }
            let removed = remove_completely(node, *record, part_of_time(deadline, 2)).await;
            errors.extend(removed.err());
        }
    }
    if let Some(delegate) = Delegate::of_call(call, deadline) {
        match delegate.gc().await {
            Ok(Forwarded::Yes) => {}
            Ok(Forwarded::TooOld(versions)) => {
                let plugin = delegate.plugin();
                let versions = versions.join(", ");
                tracing::info!("{plugin} does not support GC; it supports {versions}");
            }
            Err(error) => errors.push(error),
        }
    }
    failure::merge(errors)
}

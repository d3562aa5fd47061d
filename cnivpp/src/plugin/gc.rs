use std::collections::BTreeSet;
use std::time::Instant;

use super::context::{Context, share};
use super::node::Found;
use super::removal::remove_completely;
use crate::cni::ipam::Forwarded;
use crate::cni::{Call, Delegate, Error, Result};
use crate::files::LockKind;

/// Removes the attachments of this network that the runtime does not list as valid. Carries on
/// over errors and reports all of them.
pub(super) async fn gc(call: &Call) -> Result<()> {
    let context = Context::new(call)?;
    let Some(valid) = call.conf.valid_attachments()? else {
        // Without a list nothing is known to be stale.
        return Ok(());
    };
    let valid: BTreeSet<(&str, &str)> = valid
        .iter()
        .map(|it| (it.container_id.as_str(), it.if_name.as_str()))
        .collect();
    let (node, by) = (&context.node, context.deadline);
    let _node = node.lock(LockKind::Exclusive, by).await?;
    node.clean_notes()?;
    let mut errors = Vec::new();
    for found in node.all()? {
        let Found::Record(record) = found else {
            continue;
        };
        let is_valid = valid.contains(&(&record.id.container_id, &record.id.if_name));
        if record.network == call.conf.name && !is_valid {
            if Instant::now() >= by {
                errors.push(Error::try_again(
                    "GC ends at its deadline; the next one goes on",
                ));
                break;
            }
            let removed = remove_completely(node, *record, share(by, 2)).await;
            errors.extend(removed.err());
        }
    }
    if let Some(delegate) = Delegate::of_call(call, by) {
        match delegate.gc().await {
            Ok(Forwarded::Yes) => {}
            Ok(Forwarded::TooOld(versions)) => {
                let plugin = delegate.plugin();
                tracing::info!("{plugin} has no GC; it supports {}", versions.join(", "));
            }
            Err(error) => errors.push(error),
        }
    }
    merge(errors)
}

/// One error for all: the first, with the others in its details.
pub(super) fn merge(errors: Vec<Error>) -> Result<()> {
    let mut errors = errors.into_iter();
    let Some(first) = errors.next() else {
        return Ok(());
    };
    Err(errors.fold(first, |all, error| all.and(error)))
}

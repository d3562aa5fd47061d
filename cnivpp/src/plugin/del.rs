use std::time::Instant;

use super::context::{Context, vpp_deadline};
use super::node::{Node, StoredRecord};
use super::removal::Removed;
use super::{failure, ipam, removal, unrecorded};
use crate::attachment::{Id, Ipam, Record};
use crate::cni::{Attachment, Call, Delegate, Error, Result};
use crate::files::LockKind;

/// Removes an attachment. It is not an error if the attachment does not exist.
///
/// If VPP cannot be reached, releases the address and keeps the record for the next sweep, because
/// the runtime may not call again.
pub(super) async fn del(call: &Call, attachment: &Attachment) -> Result<()> {
    let (context, problem) = Context::new_lenient(call)?;
    let id = Id::new(&attachment.container_id, &attachment.if_name);
    let (node, deadline) = (&context.node, context.deadline);
    let _node = node.lock(LockKind::Shared, deadline).await?;
    let _own = node.lock_attachment(&id, deadline).await?;
    let (removed, is_released) = match node.record(&id)? {
        Some(StoredRecord::Valid(record)) => remove(call, node, *record, deadline).await,
        Some(StoredRecord::Unusable(_)) => {
            let removed = unrecorded::remove_by_tag(call, attachment, &context, problem).await;
            (removed, false)
        }
        None => {
            let removed = remove_unknown(call, attachment, &context, problem).await;
            (removed, false)
        }
    };
    // The address is released even after an error, because the runtime may not call again.
    let released = match Delegate::of_call(call, deadline) {
        Some(delegate) if !is_released => delegate.del().await,
        _ => Ok(()),
    };
    failure::merge(removed.err().into_iter().chain(released.err()).collect())
}

/// Removes an attachment by its record. Also returns whether that releases the addresses of this
/// configuration.
async fn remove(
    call: &Call,
    node: &Node,
    mut record: Record,
    deadline: Instant,
) -> (Result<()>, bool) {
    let (id, network) = (record.id.clone(), &call.conf.name);
    if record.network != *network {
        // After an ADD failed because the interface name was in use, the runtime calls DEL.
        let attached = &record.network;
        tracing::warn!("{id} is attached to {attached}; DEL for {network} does not remove it");
        return (Ok(()), false);
    }
    let settings = ipam::settings(call);
    let plugin = |it: &Option<Ipam>| it.as_ref().map(|it| it.plugin.clone());
    let is_same = plugin(&settings) == plugin(&record.ipam);
    if is_same {
        // The runtime's configuration is newer than the record's.
        record.ipam = settings;
    }
    let removed = removal::remove(node, record, deadline).await;
    let removed = removed.map(|it| {
        if let Removed::WithoutVpp(error) = it {
            tracing::warn!("a later sweep will remove {id}: {error}");
        }
    });
    (removed, is_same)
}

/// Removes an attachment without a record, if the Go plugin added it.
async fn remove_unknown(
    call: &Call,
    attachment: &Attachment,
    context: &Context,
    problem: Option<Error>,
) -> Result<()> {
    if let Some(problem) = problem {
        let id = Id::new(&attachment.container_id, &attachment.if_name);
        tracing::warn!("{id} has no record, and {problem}");
        return Ok(());
    }
    let deadline = vpp_deadline(context.deadline);
    unrecorded::remove_go_record(call, attachment, context, deadline).await
}

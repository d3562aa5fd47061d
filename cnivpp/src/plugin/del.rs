use std::time::Instant;

use super::context::{Context, for_vpp};
use super::gc::merge;
use super::node::{Found, Node};
use super::release::ipam_of;
use super::removal::Removed;
use super::{adopt, removal};
use crate::attachment::{Id, Ipam, Record};
use crate::cni::{Attachment, Call, Delegate, Error, Result};
use crate::files::LockKind;

/// Removes an attachment. What was never added, or is removed already, is not an error.
///
/// Where VPP cannot be reached, the address is released, and the record stays for the next
/// sweep: the runtime may not call again.
pub(super) async fn del(call: &Call, attachment: &Attachment) -> Result<()> {
    let (context, problem) = Context::lenient(call)?;
    let id = Id::new(&attachment.container_id, &attachment.if_name);
    let (node, by) = (&context.node, context.deadline);
    let _node = node.lock(LockKind::Shared, by).await?;
    let _own = node.lock_attachment(&id, by).await?;
    let (removed, is_released) = match node.record(&id)? {
        Some(Found::Record(record)) => remove(call, node, *record, by).await,
        Some(Found::SetAside(_)) => {
            let removed = adopt::remove_by_tag(call, attachment, &context, problem).await;
            (removed, false)
        }
        None => (remove_unknown(call, &context, problem, &id).await, false),
    };
    // The address must not stay since something else did: the runtime may not call again.
    let released = match Delegate::of_call(call, by) {
        Some(delegate) if !is_released => delegate.del().await,
        _ => Ok(()),
    };
    merge(removed.err().into_iter().chain(released.err()).collect())
}

/// Removes an attachment by its record. Returns whether the addresses of this configuration are
/// released as well.
async fn remove(call: &Call, node: &Node, mut record: Record, by: Instant) -> (Result<()>, bool) {
    let (id, network) = (record.id.clone(), &call.conf.name);
    if record.network != *network {
        // The runtime deletes what it could not add: the interface's name was in use.
        let attached = &record.network;
        tracing::warn!("{id} is attached to {attached} and stays; DEL is for {network}");
        return (Ok(()), false);
    }
    let ipam = ipam_of(call);
    let plugin = |it: &Option<Ipam>| it.as_ref().map(|it| it.plugin.clone());
    let is_same = plugin(&ipam) == plugin(&record.ipam);
    if is_same {
        // The runtime's configuration is newer than the record's.
        record.ipam = ipam;
    }
    let removed = removal::remove(node, record, by).await;
    let removed = removed.map(|it| {
        if let Removed::WithoutVpp(error) = it {
            tracing::warn!("{id} will be removed by a later sweep: {error}");
        }
    });
    (removed, is_same)
}

/// Removes what has no record: nothing, or an attachment of the Go plugin.
async fn remove_unknown(
    call: &Call,
    context: &Context,
    problem: Option<Error>,
    id: &Id,
) -> Result<()> {
    if let Some(problem) = problem {
        tracing::warn!("{id} has no record, and {problem}");
        return Ok(());
    }
    let (node, by, network) = (&context.node, context.deadline, &call.conf.name);
    adopt::remove_go_record(&context.conf, node, id, network, for_vpp(by)).await
}

//! Removes an attachment by its record.

use std::time::{Duration, Instant};

use super::context::vpp_deadline;
use super::node::Node;
use super::{attachment_files, failure, ipam, pod_object};
use crate::attachment::{Record, State};
use crate::cni::{Error, Result};
use crate::cni_vpp::CniVpp;
use crate::engine::{Limits, Numbers};

/// The time for IPAM, even if VPP used up the time of the call.
const IPAM_TIME: Duration = Duration::from_secs(2);

/// The outcome of a removal.
#[derive(Debug)]
pub(super) enum Removed {
    /// Everything is removed, including the record.
    Completely,
    /// VPP could not be reached, for this reason. The address is released and the files are
    /// removed. The record stays for the next sweep.
    WithoutVpp(Error),
}

/// Removes an attachment from VPP, its files, its address and its record. The caller must hold the
/// attachment's lock. Continues after errors, because the runtime may not call again.
///
/// # Errors
/// All errors. The record stays for a later sweep.
pub(super) async fn remove(node: &Node, mut record: Record, deadline: Instant) -> Result<Removed> {
    record.state = State::Deleting;
    // The attachment is removed even if the disk is full.
    let stored = node.store(&record);
    let from_vpp = remove_from_vpp(node, &record, vpp_deadline(deadline)).await;
    remove_rest(node, &record, stored, from_vpp, deadline).await
}

/// Does the same as [`remove`], and also fails if VPP could not be reached.
///
/// # Errors
/// All errors, with the attachment.
pub(super) async fn remove_completely(
    node: &Node,
    record: Record,
    deadline: Instant,
) -> Result<()> {
    let id = record.id.clone();
    let removed = match remove(node, record, deadline).await {
        Ok(Removed::Completely) => Ok(()),
        Ok(Removed::WithoutVpp(error)) | Err(error) => Err(error),
    };
    removed.map_err(|error| error.during(format!("cannot remove {id}")))
}

/// Does the same as [`remove`] without VPP, which is known to have no object of the attachment.
pub(super) async fn remove_without_vpp(
    node: &Node,
    mut record: Record,
    deadline: Instant,
) -> Result<Removed> {
    record.state = State::Deleting;
    let stored = node.store(&record);
    remove_rest(node, &record, stored, Ok(None), deadline).await
}

async fn remove_rest(
    node: &Node,
    record: &Record,
    stored: Result<()>,
    from_vpp: Result<Option<Error>>,
    deadline: Instant,
) -> Result<Removed> {
    let files = attachment_files::remove(record);
    let address = match &record.ipam {
        Some(settings) => {
            ipam::release(record, settings, deadline.max(Instant::now() + IPAM_TIME)).await
        }
        None => Ok(()),
    };
    // Last, because the rest matters more.
    pod_object::remove_annotation(record, deadline).await;
    let (without_vpp, mut errors) = match from_vpp {
        Ok(without_vpp) => (without_vpp, Vec::new()),
        Err(error) => (None, vec![error]),
    };
    errors.extend(files.err());
    errors.extend(address.err());
    failure::merge(errors)?;
    if let Some(error) = without_vpp {
        // A sweep finds the attachment only if the record was stored.
        stored?;
        return Ok(Removed::WithoutVpp(error));
    }
    node.delete(&record.id)?;
    Ok(Removed::Completely)
}

/// Removes the objects on VPP. Returns the reason if VPP could not be reached.
async fn remove_from_vpp(node: &Node, record: &Record, deadline: Instant) -> Result<Option<Error>> {
    let (want, socket) = (&record.want, &record.vpp_socket);
    let _network = node.lock_network(want, socket, deadline).await?;
    let vpp = match CniVpp::connect(socket, Limits::until(deadline)).await {
        Ok(vpp) => vpp,
        Err(error) => {
            if CniVpp::has_exited(&error) {
                let removed = CniVpp::del_files(want).await;
                removed.map_err(|error| failure::of_engine(&error, socket))?;
            }
            return Ok(Some(failure::of_vpp(&error, socket)));
        }
    };
    let numbers = Numbers::remembered(record.sw_if_index, record.memif_socket_id);
    let removed = vpp.del_from_host(&record.id, want, numbers).await;
    if removed.left.is_empty() {
        return Ok(None);
    }
    let left = removed.left.join("; ");
    if removed.is_unanswered {
        return Ok(Some(Error::try_again(format!(
            "VPP did not answer: {left}"
        ))));
    }
    let why = format!("VPP did not remove all objects of {}: {left}", record.id);
    Err(Error::vpp(why).with_details("the next DEL or sweep tries again"))
}

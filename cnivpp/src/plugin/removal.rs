use std::time::{Duration, Instant};

use super::context::for_vpp;
use super::gc::merge;
use super::node::Node;
use super::release::release;
use super::{failure, outcome};
use crate::attachment::{Record, State};
use crate::cni::{Error, Result};
use crate::cni_vpp::CniVpp;
use crate::engine::{Limits, Numbers};

/// How long IPAM may take, even if VPP has used up the time.
const FOR_IPAM: Duration = Duration::from_secs(2);

/// What a removal leaves.
#[derive(Debug)]
pub(super) enum Removed {
    /// Nothing is left, the record included.
    Completely,
    /// VPP could not be reached, for this reason. The address is released and the files are
    /// removed; the record stays for the next sweep.
    WithoutVpp(Error),
}

/// Removes an attachment by its record: VPP, files, address, record. The caller has the
/// attachment's lock. What fails does not keep the rest: the runtime may not call again.
///
/// # Errors
/// What stays. The record stays as well, and is swept later.
pub(super) async fn remove(node: &Node, mut record: Record, by: Instant) -> Result<Removed> {
    record.state = State::Deleting;
    // On a full disk the attachment is removed nevertheless.
    let noted = node.store(&record);
    let from_vpp = remove_from_vpp(node, &record, for_vpp(by)).await;
    remove_rest(node, &record, noted, from_vpp, by).await
}

/// The same for a caller that has nobody to call again: an attachment whose VPP could not be
/// reached is an error too.
///
/// # Errors
/// What stays, with the attachment.
pub(super) async fn remove_completely(node: &Node, record: Record, by: Instant) -> Result<()> {
    let id = record.id.clone();
    let removed = match remove(node, record, by).await {
        Ok(Removed::Completely) => Ok(()),
        Ok(Removed::WithoutVpp(error)) | Err(error) => Err(error),
    };
    removed.map_err(|error| error.during(format!("cannot remove {id}")))
}

/// The same where VPP is known to have nothing of the attachment.
pub(super) async fn remove_without_vpp(
    node: &Node,
    mut record: Record,
    by: Instant,
) -> Result<Removed> {
    record.state = State::Deleting;
    let noted = node.store(&record);
    remove_rest(node, &record, noted, Ok(None), by).await
}

async fn remove_rest(
    node: &Node,
    record: &Record,
    noted: Result<()>,
    from_vpp: Result<Option<Error>>,
    by: Instant,
) -> Result<Removed> {
    let files = outcome::remove_files(record);
    let address = match &record.ipam {
        Some(ipam) => release(record, ipam, by.max(Instant::now() + FOR_IPAM)).await,
        None => Ok(()),
    };
    let (without_vpp, mut errors) = match from_vpp {
        Ok(without_vpp) => (without_vpp, Vec::new()),
        Err(error) => (None, vec![error]),
    };
    errors.extend(files.err());
    errors.extend(address.err());
    merge(errors)?;
    if let Some(error) = without_vpp {
        // Without the note no sweep finds it.
        noted?;
        return Ok(Removed::WithoutVpp(error));
    }
    node.forget(&record.id)?;
    Ok(Removed::Completely)
}

/// Removes what VPP has. Returns why it could not be asked.
async fn remove_from_vpp(node: &Node, record: &Record, by: Instant) -> Result<Option<Error>> {
    let (want, socket) = (&record.want, &record.vpp_socket);
    let _network = node.lock_network(want, socket, by).await?;
    let vpp = match CniVpp::connect(socket, Limits::until(by)).await {
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
    let why = format!("VPP did not remove everything of {}: {left}", record.id);
    Err(Error::vpp(why).with_details("the next DEL or sweep tries again"))
}

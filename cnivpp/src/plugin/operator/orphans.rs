//! Interfaces with this plugin's tag but without a record.

use std::collections::HashSet;

use super::CommandContext;
use crate::api::{self, interface, memif, proxy_arp, vhostuser};
use crate::attachment::{Record, TAG_PREFIX};
use crate::cni::{Error, Result};
use crate::engine::{Limits, chain};
use crate::plugin::context::connect;
use crate::plugin::failure;

/// The outcome of removing an orphan.
#[derive(Debug)]
pub(super) struct Orphan {
    /// The name and tag.
    pub(super) name: String,
    /// The error, if it could not be removed.
    pub(super) removed: std::result::Result<(), String>,
}

/// Finds the orphans among the interfaces of VPP.
pub(super) fn find<'a>(
    all: &'a [interface::Interface],
    records: &[Record],
) -> Vec<&'a interface::Interface> {
    let known: HashSet<&str> = records.iter().map(|it| it.tag.as_str()).collect();
    let all = all.iter();
    all.filter(|it| is_attachment_tag(&it.tag) && !known.contains(it.tag.as_str()))
        .collect()
}

/// Whether a tag has the format of an attachment's tag: prefix, 22 characters of a hash, interface
/// name, start of the container ID.
fn is_attachment_tag(tag: &str) -> bool {
    let Some(rest) = tag.strip_prefix(TAG_PREFIX) else {
        return false;
    };
    let parts: Vec<&str> = rest.split(':').collect();
    matches!(parts.as_slice(), [hash, name, _] if hash.len() == 22 && !name.is_empty())
}

/// Removes the orphans, and the settings that VPP would apply to the next interface with the same
/// number.
///
/// # Errors
/// When an unusable record exists, because an orphan may belong to it.
pub(super) async fn remove(context: &CommandContext) -> Result<Vec<Orphan>> {
    if let Some(name) = context.node.set_aside_file()? {
        let why = format!("the record {name} is unusable, and its interface may be in use");
        let details = "inspect the file, and delete it if its container does not exist any more";
        return Err(Error::config(why).with_details(details));
    }
    let vpp = connect(&context.socket, Limits::until(context.deadline)).await?;
    let client = vpp.link().client();
    let failed = |error: api::Error| failure::of_vpp(&error, &context.socket);
    let all = interface::dump(&client).await.map_err(failed)?;
    let records = context.node.valid()?;
    let mut orphans = Vec::new();
    for orphan in find(&all, &records) {
        let index = orphan.sw_if_index;
        // These fail on a VPP without the feature, which has nothing to reset.
        let _ = proxy_arp::set_enabled(&client, index, false).await;
        let _ = interface::set_unnumbered(&client, index, None).await;
        let deleted = match orphan.device.as_str() {
            "memif" => memif::delete(&client, index).await,
            _ => vhostuser::delete(&client, index).await,
        };
        orphans.push(Orphan {
            name: format!("{} ({})", orphan.name, orphan.tag),
            removed: deleted.map_err(|error| chain(&error)),
        });
    }
    vpp.close().await;
    Ok(orphans)
}

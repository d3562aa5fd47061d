//! Attachments without a record of ours: those of the Go plugin, so that a node can be switched
//! over while pods run, and those whose record cannot be used.

use std::path::{Path, PathBuf};
use std::time::Instant;

use super::context::{Context, connect, for_vpp};
use super::node::Node;
use super::{addresses, outcome, resolve};
use crate::attachment::{Id, Want};
use crate::cni::{Attachment, Call, Error, Requested, Result};
use crate::engine::{Limits, Numbers, Place};
use crate::localdb::{Loaded, load_vpp_config, remove_vpp_config};
use crate::netconf::NetConf;

/// The folder of the Go plugin's sockets where the configuration names none.
const GO_FOLDER: &str = "/var/run/vpp";

/// Removes an attachment that the Go plugin has added, if there is a record of one.
///
/// Its memif has no tag, and its record has only numbers, which another pod's interface may
/// have by now. So it is looked for by the socket file that the Go plugin chooses; a bridge
/// domain stays, since the Go plugin tags none.
pub(super) async fn remove_go_record(
    conf: &NetConf,
    node: &Node,
    id: &Id,
    network: &str,
    by: Instant,
) -> Result<()> {
    let data = node.data();
    let loaded = load_vpp_config(data, &id.container_id, &id.if_name);
    match loaded.map_err(|error| Error::io(error.to_string()))? {
        Loaded::Missing => return Ok(()),
        Loaded::SetAside { name, why } => {
            tracing::warn!("a record of the Go plugin cannot be read and is now {name}: {why}");
            return Ok(());
        }
        Loaded::Found(_) => {}
    }
    let want = want(conf, network, id)?;
    let socket = &conf.vpp_socket;
    let _network = node.lock_network(&want, socket, by).await?;
    let vpp = match connect(socket, Limits::until(by)).await {
        Ok(vpp) => vpp,
        Err(error) => {
            // The record stays, so that another DEL finds it.
            tracing::warn!("{error}");
            return Ok(());
        }
    };
    let removed = vpp.del_from_host(id, &want, Numbers::default()).await;
    if !removed.left.is_empty() {
        return Err(Error::vpp(removed.left.join("; ")));
    }
    remove_vpp_config(data, &id.container_id, &id.if_name)
        .map_err(|error| Error::io(error.to_string()))?;
    Ok(())
}

/// Removes an attachment whose record cannot be used. Its tag, its socket and its files follow
/// from the configuration, and its addresses from prevResult.
pub(super) async fn remove_by_tag(
    call: &Call,
    attachment: &Attachment,
    context: &Context,
    problem: Option<Error>,
) -> Result<()> {
    if let Some(problem) = problem {
        return Err(problem.during("the attachment's record cannot be used"));
    }
    let conf = &context.conf;
    let id = Id::new(&attachment.container_id, &attachment.if_name);
    let netns = attachment.netns.as_deref().unwrap_or(Path::new(""));
    let mut want = resolve::want(conf, &call.conf.name, &id, netns, &Requested::default())?;
    if let Some(previous) = call.conf.prev_result()? {
        addresses::complete(&mut want, &previous)?;
    }
    let by = for_vpp(context.deadline);
    let _network = context
        .node
        .lock_network(&want, &conf.vpp_socket, by)
        .await?;
    let vpp = connect(&conf.vpp_socket, Limits::until(by)).await?;
    let removed = vpp.del_from_host(&id, &want, Numbers::default()).await;
    if let Some(place) = outcome::place(conf, attachment, &want) {
        outcome::remove_handover(&id, &place)?;
    }
    match removed.left.as_slice() {
        [] => Ok(()),
        left => Err(Error::vpp(left.join("; "))),
    }
}

/// What the Go plugin has made of this configuration: the file that it chose, and no address
/// that could tell the memif from another one on the same socket.
fn want(conf: &NetConf, network: &str, id: &Id) -> Result<Want> {
    let mut want = resolve::want(conf, network, id, Path::new(""), &Requested::default())?;
    let start: String = id.container_id.chars().take(12).collect();
    let base = conf.shared_dir.clone().unwrap_or_else(|| GO_FOLDER.into());
    let name = match want.socket.is_own_name {
        true => format!("memif-{start}-{}.sock", id.if_name),
        false => want.socket.host.map_or_else(String::new, |it| it.name),
    };
    let place = Place {
        base,
        folder: PathBuf::from(&start),
        name,
    };
    want.socket.vpp = place.path().to_string_lossy().into_owned();
    want.socket.host = Some(place);
    want.mac = None;
    Ok(want)
}

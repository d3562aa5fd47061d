//! Removes attachments without a usable record: those of the Go plugin, so that a node can be
//! migrated while pods run, and those whose record is damaged.

use std::path::{Path, PathBuf};
use std::time::Instant;

use super::context::{Context, connect, vpp_deadline};
use super::{attachment_files, failure, ipam, pod_object, resolve};
use crate::attachment::{Id, Want};
use crate::cni::{Attachment, Call, Error, Requested, Result};
use crate::engine::{FileLocation, Limits, Numbers};
use crate::kubernetes::SharedDir;
use crate::localdb::{Loaded, load_vpp_config, remove_vpp_config};
use crate::netconf::NetConf;

/// The Go plugin's socket folder if the configuration names none.
const GO_FOLDER: &str = "/var/run/vpp";

/// Removes an attachment that the Go plugin added, if its record exists.
///
/// The Go plugin tags neither memifs nor bridge domains, and its record has only numbers, which VPP
/// may have given to another pod's interface. The memif is therefore found by its socket file, and
/// the bridge domain stays.
pub(super) async fn remove_go_record(
    call: &Call,
    attachment: &Attachment,
    context: &Context,
    deadline: Instant,
) -> Result<()> {
    let (conf, node) = (&context.conf, &context.node);
    let id = &Id::new(&attachment.container_id, &attachment.if_name);
    let data = node.data();
    let loaded = load_vpp_config(data, &id.container_id, &id.if_name);
    match loaded.map_err(failure::of_store)? {
        Loaded::Missing => return Ok(()),
        Loaded::SetAside { name, why } => {
            tracing::warn!("an unreadable record of the Go plugin was renamed to {name}: {why}");
            return Ok(());
        }
        Loaded::Found(_) => {}
    }
    let shared_dir = pod_object::shared_dir_for_del(call, attachment, conf, deadline).await;
    let want = go_want(conf, &call.conf.name, id, shared_dir)?;
    let socket = &conf.vpp_socket;
    let _network = node.lock_network(&want, socket, deadline).await?;
    let vpp = match connect(socket, Limits::until(deadline)).await {
        Ok(vpp) => vpp,
        Err(error) => {
            // The record stays for another DEL.
            tracing::warn!("{error}");
            return Ok(());
        }
    };
    let removed = vpp.del_from_host(id, &want, Numbers::default()).await;
    if !removed.left.is_empty() {
        return Err(Error::vpp(removed.left.join("; ")));
    }
    remove_vpp_config(data, &id.container_id, &id.if_name).map_err(failure::of_store)?;
    Ok(())
}

/// Removes an attachment whose record is unusable. Tag, socket and files follow from the
/// configuration, and the addresses from prevResult.
pub(super) async fn remove_by_tag(
    call: &Call,
    attachment: &Attachment,
    context: &Context,
    problem: Option<Error>,
) -> Result<()> {
    if let Some(problem) = problem {
        return Err(problem.during("the record of the attachment is unusable"));
    }
    let conf = &context.conf;
    let id = Id::new(&attachment.container_id, &attachment.if_name);
    let netns = attachment.netns.as_deref().unwrap_or(Path::new(""));
    let mut want = resolve::want(
        conf,
        &call.conf.name,
        &id,
        netns,
        &Requested::default(),
        None,
    )?;
    if let Some(previous) = call.conf.prev_result()? {
        ipam::add_addresses(&mut want, &previous)?;
    }
    let deadline = vpp_deadline(context.deadline);
    let _network = context
        .node
        .lock_network(&want, &conf.vpp_socket, deadline)
        .await?;
    let vpp = connect(&conf.vpp_socket, Limits::until(deadline)).await?;
    let removed = vpp.del_from_host(&id, &want, Numbers::default()).await;
    if let Some(folder) = attachment_files::handover_folder(conf, attachment, &want, None) {
        attachment_files::remove_handover(&id, &folder)?;
    }
    match removed.left.as_slice() {
        [] => Ok(()),
        left => Err(Error::vpp(left.join("; "))),
    }
}

/// Derives the state that the Go plugin created from this configuration: with its socket file, and
/// without a MAC address to distinguish memifs on one socket.
fn go_want(conf: &NetConf, network: &str, id: &Id, shared_dir: Option<SharedDir>) -> Result<Want> {
    let mut want = resolve::want(
        conf,
        network,
        id,
        Path::new(""),
        &Requested::default(),
        None,
    )?;
    let start: String = id.container_id.chars().take(12).collect();
    let (base, folder) = match shared_dir {
        Some(pod) => (pod.host, PathBuf::new()),
        None => {
            let base = conf.shared_dir.clone();
            (
                base.unwrap_or_else(|| GO_FOLDER.into()),
                PathBuf::from(&start),
            )
        }
    };
    let name = match want.socket.is_own_name {
        true => format!("memif-{start}-{}.sock", id.if_name),
        false => want.socket.host.map_or_else(String::new, |it| it.name),
    };
    let file = FileLocation { base, folder, name };
    want.socket.vpp = file.path().to_string_lossy().into_owned();
    want.socket.host = Some(file);
    want.mac = None;
    Ok(want)
}

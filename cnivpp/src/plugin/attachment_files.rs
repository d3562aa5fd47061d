//! The files of an attachment: for the container's program, and the device file.

use std::path::{Path, PathBuf};

use rustix::io::Errno;

use super::{device, failure, socket};
use crate::attachment::{Handover, Id, Record, Want};
use crate::cni::{Attachment, Result};
use crate::cni_vpp::CniVpp;
use crate::files::{Dir, Reason, sha256_hex};
use crate::handover;
use crate::kubernetes::SharedDir;
use crate::localdb::cid12;
use crate::netconf::NetConf;

/// Chooses the folder of the container's files: the pod's shared folder, one in the configured
/// shared folder, or else one in the state folder.
pub(super) fn handover_folder(
    conf: &NetConf,
    attachment: &Attachment,
    want: &Want,
    shared_dir: Option<&SharedDir>,
) -> Option<Handover> {
    let id = &attachment.container_id;
    let (base, folder, is_shared) = match (shared_dir, &conf.shared_dir) {
        (Some(pod), _) => (pod.host.clone(), String::new(), true),
        (None, Some(shared)) => (shared.clone(), cid12(id), true),
        (None, None) => (conf.state_dir.clone(), own_folder(id), false),
    };
    Some(Handover {
        base,
        folder: PathBuf::from(folder),
        is_shared,
        gid: want.socket.access.and_then(|it| it.gid),
    })
}

/// Returns the name of a container's folder: its ID, unless a folder of the plugin has that name.
fn own_folder(id: &str) -> String {
    match id {
        "data" | "pending" | "locks" | "shared" | socket::LINKS => {
            format!("{id}-{}", sha256_hex(&[id], 8))
        }
        _ => id.to_owned(),
    }
}

/// Writes the files for the container's program and the device file.
pub(super) fn write(record: &Record, end: &handover::Attachment) -> Result<()> {
    if let Some(folder) = &record.handover {
        CniVpp::add_on_container(folder, end).map_err(failure::of_store)?;
    }
    match &record.device_info_file {
        Some(file) => device::write(file, &record.want),
        None => Ok(()),
    }
}

/// Removes the files of an attachment, and the container's own folders if they are empty.
pub(super) fn remove(record: &Record) -> Result<()> {
    let mut errors = Vec::new();
    if let Some(file) = &record.device_info_file {
        errors.extend(device::remove(file, &record.want).err());
    }
    if let Err(error) = socket::remove_stale_file(&record.want.socket) {
        errors.extend(ignore_obstacle(error).err());
    }
    if let Some(folder) = &record.handover {
        errors.extend(remove_handover(&record.id, folder).err());
    }
    if let Some(folder) = &record.want.socket.host
        && let Some(name) = folder.folder.to_str().filter(|it| !it.is_empty())
    {
        errors.extend(remove_folder(&folder.base, name).err());
    }
    if let Some(link) = &record.want.socket.link {
        errors.extend(socket::remove_link(link).err());
    }
    failure::merge(errors)
}

/// Removes the files for the container's program.
pub(super) fn remove_handover(id: &Id, folder: &Handover) -> Result<()> {
    if let Err(errors) = CniVpp::del_from_container(folder, id) {
        let errors = errors
            .into_iter()
            .filter_map(|it| ignore_obstacle(it).err());
        failure::merge(errors.collect())?;
    }
    match folder.folder.to_str().filter(|it| !it.is_empty()) {
        Some(name) => remove_folder(&folder.base, name),
        None => Ok(()),
    }
}

/// Ignores errors that must not prevent the deletion of a pod: the file does not exist, or the pod
/// replaced it by something else, which stays.
fn ignore_obstacle(error: crate::files::Error) -> Result<()> {
    if error.is_obstacle() {
        tracing::warn!("{error}");
        return Ok(());
    }
    if error.is_missing() || matches!(error.reason(), Reason::Name(_)) {
        return Ok(());
    }
    Err(failure::of_file(error))
}

/// Removes a folder if it is empty. Other attachments of the container may have files in it.
fn remove_folder(base: &Path, name: &str) -> Result<()> {
    let removed = Dir::open(base).and_then(|base| base.remove_empty_folder(name));
    match removed {
        Err(error) if !is_occupied(&error) => ignore_obstacle(error),
        _ => Ok(()),
    }
}

fn is_occupied(error: &crate::files::Error) -> bool {
    matches!(error.errno(), Some(Errno::NOTEMPTY | Errno::EXIST))
}

//! What ADD leaves beside VPP: the result, the container's files, the device file.

use std::net::IpAddr;
use std::path::{Path, PathBuf};

use rustix::io::Errno;

use super::gc::merge;
use super::node::file_failed;
use crate::attachment::{Handover, Id, Network, Record, Want};
use crate::cni::result::Interface;
use crate::cni::{Attachment, Call, CniResult, Error, Result};
use crate::cni_vpp::CniVpp;
use crate::files::sha256_hex;
use crate::files::{Access, Dir, Reason};
use crate::handover::Audience;
use crate::localdb::cid12;
use crate::netconf::NetConf;

/// The result of the previous plugin in the chain.
///
/// # Errors
/// When that plugin has already created this interface.
pub(super) fn previous(
    call: &Call,
    attachment: &Attachment,
    netns: &Path,
) -> Result<Option<CniResult>> {
    let previous = call.conf.prev_result()?;
    let sandbox = netns.to_string_lossy();
    let is_this = |it: &Interface| {
        it.name == attachment.if_name && it.sandbox.as_deref() == Some(sandbox.as_ref())
    };
    let exists = previous
        .as_ref()
        .is_some_and(|it| it.interfaces.iter().any(is_this));
    if exists {
        let name = &attachment.if_name;
        let why = format!("the previous plugin of the chain has already created {name}");
        return Err(Error::config(why));
    }
    Ok(previous)
}

/// The result of ADD: what the previous plugins attached, and this interface.
pub(super) fn result(
    call: &Call,
    record: &Record,
    previous: Option<CniResult>,
    mut allocated: CniResult,
) -> CniResult {
    let mut result = previous.unwrap_or_default();
    let index = result.interfaces.len();
    let want = &record.want;
    result.interfaces.push(Interface {
        name: record.id.if_name.clone(),
        mac: want.pod_mac.map(|it| it.to_string()),
        mtu: want.mtu,
        sandbox: record.netns.clone(),
        socket_path: socket_path(want),
        ..Interface::default()
    });
    for ip in &mut allocated.ips {
        ip.interface = Some(index);
    }
    result.ips.append(&mut allocated.ips);
    result.routes.append(&mut allocated.routes);
    // DNS settings of the configuration take precedence over those of IPAM.
    let dns = [&call.conf.dns, &allocated.dns]
        .into_iter()
        .find(|it| !it.is_empty());
    if let Some(dns) = dns {
        result.dns = dns.clone();
    }
    result
}

/// The socket on the host, for the key `socketPath`, which is a path.
fn socket_path(want: &Want) -> Option<String> {
    let place = want.socket.host.as_ref()?;
    Some(place.path().to_string_lossy().into_owned())
}

/// Where the container's files go: into the shared folder that the configuration names, else
/// into a folder of this container's own.
pub(super) fn place(conf: &NetConf, attachment: &Attachment, want: &Want) -> Option<Handover> {
    let id = &attachment.container_id;
    let (base, folder, is_shared) = match &conf.shared_dir {
        Some(shared) => (shared.clone(), cid12(id), true),
        None => (conf.state_dir.clone(), own_folder(id), false),
    };
    Some(Handover {
        base,
        folder: PathBuf::from(folder),
        is_shared,
        gid: want.socket.access.and_then(|it| it.gid),
    })
}

/// The folder of a container: its ID, unless that is the name of a folder of the plugin.
fn own_folder(id: &str) -> String {
    match id {
        "data" | "pending" | "locks" | "shared" => format!("{id}-{}", sha256_hex(&[id], 8)),
        _ => id.to_owned(),
    }
}

/// Creates the folder of the socket, with the permissions that the party that listens needs.
pub(super) fn create_folder(want: &Want) -> Result<()> {
    let Some(place) = &want.socket.host else {
        return Ok(());
    };
    let base = Dir::create(&place.base, Access::mode(0o755)).map_err(file_failed)?;
    if !place.folder.as_os_str().is_empty() {
        let audience = Audience {
            gid: want.socket.access.and_then(|it| it.gid),
        };
        base.create_beneath(&place.folder, audience.folder())
            .map_err(file_failed)?;
    }
    Ok(())
}

/// Writes the files for the container's program, and the device file.
pub(super) fn write_files(record: &Record, conf: &NetConf, result: &CniResult) -> Result<()> {
    if let Some(place) = &record.handover {
        let end = super::pod_end::pod_end(record, conf, result);
        CniVpp::add_on_container(place, &end).map_err(|error| Error::io(error.to_string()))?;
    }
    match &record.device_info_file {
        Some(file) => super::device::write(file, &record.want),
        None => Ok(()),
    }
}

/// Removes the files of an attachment, and the folders that are its container's alone and
/// empty.
pub(super) fn remove_files(record: &Record) -> Result<()> {
    let mut errors = Vec::new();
    if let Some(file) = &record.device_info_file {
        errors.extend(super::device::remove(file, &record.want).err());
    }
    if let Some(place) = &record.handover {
        errors.extend(remove_handover(&record.id, place).err());
    }
    if let Some(place) = &record.want.socket.host
        && let Some(name) = place.folder.to_str().filter(|it| !it.is_empty())
    {
        errors.extend(remove_folder(&place.base, name).err());
    }
    merge(errors)
}

/// Removes the files for the container's program.
pub(super) fn remove_handover(id: &Id, place: &Handover) -> Result<()> {
    if let Err(errors) = CniVpp::del_from_container(place, id) {
        let errors = errors.into_iter().filter_map(|it| tolerate(it).err());
        merge(errors.collect())?;
    }
    match place.folder.to_str() {
        Some(name) => remove_folder(&place.base, name),
        None => Ok(()),
    }
}

/// What the pod has put in the place of a file stays; it must not keep the pod from being
/// deleted. What is missing, or cannot exist, needs not be removed.
fn tolerate(error: crate::files::Error) -> Result<()> {
    if error.is_obstacle() {
        tracing::warn!("{error}");
        return Ok(());
    }
    if error.is_missing() || matches!(error.reason(), Reason::Name(_)) {
        return Ok(());
    }
    Err(file_failed(error))
}

/// Removes a folder if it is empty: other attachments of the container may have files there.
fn remove_folder(base: &Path, name: &str) -> Result<()> {
    let removed = Dir::open(base).and_then(|base| base.remove_empty_folder(name));
    match removed {
        Err(error) if !is_occupied(&error) => tolerate(error),
        _ => Ok(()),
    }
}

fn is_occupied(error: &crate::files::Error) -> bool {
    matches!(error.errno(), Some(Errno::NOTEMPTY | Errno::EXIST))
}

/// The addresses that are routed to the pod; none unless it is attached to layer 3.
pub(super) fn addresses(want: &Want) -> &[IpAddr] {
    match &want.network {
        Network::Layer3(layer3) => &layer3.addresses,
        _ => &[],
    }
}

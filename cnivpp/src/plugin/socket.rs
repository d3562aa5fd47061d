//! The socket of an attachment: its names for the node, VPP and the pod, and its folder.

use std::path::{Component, Path, PathBuf};

use super::failure;
use crate::api::memif;
use crate::attachment::{Id, Socket, SocketLink, SocketMode, Want};
use crate::cni::{Error, Result};
use crate::engine::FileLocation;
use crate::files::{self, Access, Dir, Kind, Reason, group_id, sha256_hex};
use crate::handover::Audience;
use crate::kubernetes::SharedDir;
use crate::localdb::cid12;
use crate::netconf::NetConf;

/// The folder with symbolic links in the state folder.
pub(super) const LINKS: &str = "links";

/// The settings of an interface that determine its socket.
pub(super) struct SocketSettings {
    /// Whether VPP on the node creates the file.
    pub(super) listens: bool,
    pub(super) is_abstract: bool,
    pub(super) file: Option<String>,
    pub(super) group: Option<String>,
    pub(super) mode: Option<u32>,
    /// Prefix and suffix of the default file name.
    pub(super) prefix: &'static str,
    pub(super) suffix: &'static str,
}

/// Derives the names of the socket.
///
/// # Errors
/// Code 7 when a name is too long or has characters that VPP rejects, or the group is unknown.
pub(super) fn resolve(
    conf: &NetConf,
    id: &Id,
    netns: &Path,
    settings: &SocketSettings,
    shared_dir: Option<&SharedDir>,
) -> Result<Socket> {
    let cid12 = cid12(&id.container_id);
    let name = settings.file.clone().unwrap_or_else(|| {
        format!(
            "{}{cid12}-{}{}",
            settings.prefix, id.if_name, settings.suffix
        )
    });
    let is_own_name = settings.file.is_none();
    if settings.is_abstract {
        let netns = conf.paths.to_vpp(netns);
        let vpp = format!("abstract:{name},netns_name={}", netns.display());
        check_name(&vpp)?;
        return Ok(Socket {
            vpp,
            host: None,
            pod: format!("abstract:{name}"),
            link: None,
            is_own_name,
            access: None,
        });
    }
    let (base, folder) = folder(conf, &cid12, shared_dir);
    let host = FileLocation { base, folder, name };
    let path = host.path();
    let pod = match shared_dir {
        Some(shared) => shared.mount_path.join(&host.name),
        None => conf.paths.to_pod(&path),
    };
    let pod = text(&pod)?;
    check_path(&pod)?;
    let (vpp, link) = name_for_vpp(conf, id, &host)?;
    Ok(Socket {
        vpp,
        host: Some(host),
        pod,
        link,
        is_own_name,
        access: access(settings)?,
    })
}

/// Returns the folder of the socket file: the trusted folder, and the container's own folder in it.
fn folder(conf: &NetConf, cid12: &str, shared_dir: Option<&SharedDir>) -> (PathBuf, PathBuf) {
    match (shared_dir, &conf.shared_dir) {
        (Some(pod), _) => (pod.host.clone(), PathBuf::new()),
        (None, Some(shared)) => (shared.clone(), PathBuf::from(cid12)),
        (None, None) => (conf.state_dir.join("shared"), PathBuf::new()),
    }
}

/// Returns the file's path for VPP. If VPP rejects the path, returns one through a symbolic link in
/// the state folder, and the link.
///
/// The path of an emptyDir is too long for VPP and contains `~`. A link needs no mount, which would
/// have to be propagated out of the container of a thick Multus.
fn name_for_vpp(
    conf: &NetConf,
    id: &Id,
    host: &FileLocation,
) -> Result<(String, Option<SocketLink>)> {
    let direct = text(&conf.paths.to_vpp(&host.path()))?;
    let Err(rejected) = check_path(&direct) else {
        return Ok((direct, None));
    };
    let link = SocketLink {
        folder: conf.state_dir.join(LINKS),
        name: sha256_hex(&[&id.container_id, &id.if_name], 16),
        target: conf.paths.to_vpp(&host.base.join(&host.folder)),
    };
    let short = conf.paths.to_vpp(&link.folder.join(&link.name));
    let short = text(&short.join(&host.name))?;
    match check_path(&short) {
        Ok(()) => Ok((short, Some(link))),
        Err(_) => Err(rejected),
    }
}

fn access(settings: &SocketSettings) -> Result<Option<SocketMode>> {
    if !settings.listens || (settings.group.is_none() && settings.mode.is_none()) {
        return Ok(None);
    }
    let gid = settings.group.as_deref().map(group_id).transpose();
    let gid = gid.map_err(|error| Error::config(error.to_string()))?;
    let mode = settings.mode.unwrap_or(0o770);
    Ok(Some(SocketMode { gid, mode }))
}

fn text(path: &Path) -> Result<String> {
    let text = path.to_str().map(str::to_owned);
    text.ok_or_else(|| Error::config(format!("the path {} is not UTF-8", path.display())))
}

fn check_path(path: &str) -> Result<()> {
    let (length, max) = (path.len(), memif::MAX_FILE_NAME);
    if length > max {
        let why = format!("the socket path {path} has {length} bytes; VPP accepts at most {max}");
        let details = "use a shorter sharedDir or stateDir, or socketType abstract";
        return Err(Error::config(why).with_details(details));
    }
    check_name(path)
}

/// Rejects names that a release of VPP rejects, or accepts without ever connecting.
fn check_name(name: &str) -> Result<()> {
    memif::validate_socket_name(name, memif::Role::Master)
        .map_err(|error| Error::config(crate::engine::chain(&error)))
}

/// Creates the folder of the socket, with permissions for the process that listens, and the link to
/// it. A volume that kubelet creates must exist.
pub(super) fn create_folder(want: &Want) -> Result<()> {
    let socket = &want.socket;
    let Some(host) = &socket.host else {
        return Ok(());
    };
    let base = if is_kubelet_volume(&host.base) {
        let opened = Dir::open(&host.base);
        opened.map_err(|error| {
            let details = "kubelet creates the folder before it starts the sandbox: check that \
                           kubeletRoot is the root folder of kubelet, and that this process sees it";
            failure::of_file(error).with_details(details)
        })?
    } else {
        Dir::create(&host.base, Access::mode(0o755)).map_err(failure::of_file)?
    };
    if !host.folder.as_os_str().is_empty() {
        let audience = Audience {
            gid: socket.access.and_then(|it| it.gid),
        };
        base.create_beneath(&host.folder, audience.folder())
            .map_err(failure::of_file)?;
    }
    match &socket.link {
        Some(link) => create_link(link).map_err(failure::of_file),
        None => Ok(()),
    }
}

fn create_link(link: &SocketLink) -> files::Result<()> {
    let dir = Dir::create(&link.folder, Access::mode(0o755))?;
    dir.create_link(&link.name, &link.target)
}

/// Removes the link to the folder of the socket.
pub(super) fn remove_link(link: &SocketLink) -> Result<()> {
    let removed = Dir::open(&link.folder).and_then(|it| it.remove(&link.name, Kind::Symlink, None));
    match removed {
        Err(error) if !error.is_missing() => Err(failure::of_file(error)),
        _ => Ok(()),
    }
}

/// Removes a socket file on which no process listens any more, if no other attachment can use its
/// name. The engine removes those of VPP. A program in the pod that is killed leaves its own.
pub(super) fn remove_stale_file(socket: &Socket) -> files::Result<()> {
    let Some(host) = &socket.host else {
        return Ok(());
    };
    let is_own_folder = !host.folder.as_os_str().is_empty();
    if !socket.is_own_name && !is_own_folder {
        return Ok(());
    }
    let removed = host
        .open()
        .and_then(|dir| files::socket::remove_stale(&dir, &host.name, None));
    match removed {
        Err(error) if *error.reason() == Reason::InUse => {
            tracing::info!("{error}");
            Ok(())
        }
        removed => removed.map(drop),
    }
}

/// Whether kubelet creates and removes the folder (`…/volumes/kubernetes.io~empty-dir/NAME`). If
/// another program created it after the pod is gone, kubelet could not clean up the pod.
fn is_kubelet_volume(folder: &Path) -> bool {
    let is_plugin = |it: Component<'_>| {
        let name = it.as_os_str().to_str();
        name.is_some_and(|it| it.starts_with("kubernetes.io~"))
    };
    folder.components().any(is_plugin)
}
